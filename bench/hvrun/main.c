// SPDX-License-Identifier: GPL-2.0
/* hvrun: runs a flat payload as a PAPR guest of KVM. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "hvrun.h"

#define MIN_HPT_ORDER 18	/* Power ISA: HTABSIZE 0 is 2^18 bytes */
#define MAX_HPT_ORDER 46

static const char usage[] =
"usage: hvrun [OPTION]... PAYLOAD\n"
"Run PAYLOAD, a flat binary, as a PAPR guest: it is loaded at guest real address\n"
"0 and entered there, little endian, MMU off, r3 = vCPU number, r4 = bytes of\n"
"memory, r5 = number of vCPUs, r11 = order of the hashed page table. Other vCPUs\n"
"wait for H_HVRUN_START_CPU.\n"
"\n"
"  -t, --type TYPE        hv, pr, or any: what the kernel prefers (default any)\n"
"  -m, --mem SIZE         guest memory, with K, M or G (default 64M)\n"
"  -H, --huge[=SIZE]      in huge pages of hugetlbfs, of SIZE or the host's default size\n"
"  -o, --hpt-order N      size of the hashed page table, 2^N bytes, 18..46\n"
"                         (default: memory / 32)\n"
"  -c, --cpus N           vCPUs, a host thread each (default 1)\n"
"  -p, --threads N        that many vCPUs are threads of one core (KVM_CAP_PPC_SMT)\n"
"  -x, --xics             an interrupt controller (XICS) in the kernel; server numbers\n"
"                         are vCPU numbers\n"
"  -P, --pin              vCPU n on the n-th CPU that hvrun may use\n"
"      --peer IN,OUT      descriptors of event counters by which this VM and another\n"
"                         take turns (H_HVRUN_TURN)\n"
"  -r, --reg NAME=VALUE   start value of a register, every vCPU (repeatable)\n"
"  -s, --show NAME        print a register of vCPU 0 when the guest has ended\n"
"  -T, --time-limit SEC   end the guest after so long, status 124\n"
"  -S, --stress SEED      change the upper half of guest memory under its feet, all\n"
"                         the time: slots, rights, pages; devices read as zeros\n"
"  -v, --verbose          dump registers on unexpected exits, count exits\n"
"  -R, --list-regs        list register names\n"
"  -h, --help             this text\n"
"\n"
"Exit status: what the guest passed to H_HVRUN_EXIT; 2 if hvrun could not do what\n"
"was asked, 3 if the guest did what nobody answers, 124 at the time limit.\n";

void die(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fprintf(stderr, "hvrun: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	_exit(STATUS_ERROR);	/* other threads may be in KVM_RUN: the kernel ends them */
}

static uint64_t parse_number(const char *what, const char *text, uint64_t min, uint64_t max)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 0);
	if (errno || end == text || *end || text[0] == '-' || n < min || n > max)
		die("bad %s '%s': give a number from %llu to %llu", what, text,
		    (unsigned long long)min, (unsigned long long)max);
	return n;
}

static uint64_t parse_size(const char *text)
{
	unsigned long long n;
	char *end;
	int shift = 0;

	errno = 0;
	n = strtoull(text, &end, 0);
	switch (*end) {
	case 'G': case 'g': shift += 10; /* fall through */
	case 'M': case 'm': shift += 10; /* fall through */
	case 'K': case 'k': shift += 10; end++;
	}
	if (errno || end == text || *end || text[0] == '-' || n > (1ull << 46) >> shift ||
	    !n || (n << shift) % (64 << 10))
		die("bad memory size '%s': give a multiple of 64K, like 64M", text);
	return n << shift;
}

static unsigned long parse_type(const char *text)
{
	static const char *const names[] = { "any", "hv", "pr" };

	for (unsigned long i = 0; i < 3; i++)
		if (!strcmp(text, names[i]))
			return i;
	die("bad VM type '%s': give hv, pr or any", text);
}

static const struct reg *parse_reg(const char *name)
{
	const struct reg *reg = reg_find(name);

	if (!reg)
		die("no register '%s': hvrun --list-regs names them", name);
	return reg;
}

static void parse_setting(struct options *opt, char *text)
{
	char *value = strchr(text, '=');
	struct reg_setting *set = &opt->set[opt->nset];

	if (!value)
		die("bad register setting '%s': give NAME=VALUE", text);
	if (opt->nset++ == MAX_REGS)
		die("more than %d register settings", MAX_REGS);
	*value++ = '\0';
	set->reg = parse_reg(text);
	set->value = parse_number("register value", value, 0, UINT64_MAX);
}

static void parse_peer(struct options *opt, const char *text)
{
	char end;

	opt->peer = sscanf(text, "%d,%d%c", &opt->peer_in, &opt->peer_out, &end) == 2 &&
		fcntl(opt->peer_in, F_GETFD) >= 0 && fcntl(opt->peer_out, F_GETFD) >= 0;
	if (!opt->peer)
		die("bad peer '%s': give two open descriptors, as 3,4", text);
}

static void parse_options(struct options *opt, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "type", required_argument, NULL, 't' },
		{ "mem", required_argument, NULL, 'm' },
		{ "huge", optional_argument, NULL, 'H' },
		{ "hpt-order", required_argument, NULL, 'o' },
		{ "cpus", required_argument, NULL, 'c' },
		{ "threads", required_argument, NULL, 'p' },
		{ "xics", no_argument, NULL, 'x' },
		{ "pin", no_argument, NULL, 'P' },
		{ "peer", required_argument, NULL, 'e' },
		{ "reg", required_argument, NULL, 'r' },
		{ "show", required_argument, NULL, 's' },
		{ "time-limit", required_argument, NULL, 'T' },
		{ "stress", required_argument, NULL, 'S' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "list-regs", no_argument, NULL, 'R' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "t:m:H::o:c:p:xPr:s:T:S:vRh", longs, NULL)) != -1) {
		switch (c) {
		case 't': opt->vm_type = parse_type(optarg); break;
		case 'm': opt->mem_size = parse_size(optarg); break;
		case 'H':
			opt->huge = true;
			opt->huge_size = optarg ? parse_size(optarg) : 0;
			if (opt->huge_size & (opt->huge_size - 1))
				die("bad huge page size '%s': give a power of two, like 16M", optarg);
			break;
		case 'o':
			opt->hpt_order = parse_number("HPT order", optarg,
						      MIN_HPT_ORDER, MAX_HPT_ORDER);
			break;
		case 'c': opt->cpus = parse_number("number of vCPUs", optarg, 1, MAX_CPUS); break;
		case 'p': opt->threads = parse_number("number of threads", optarg, 1, 8); break;
		case 'x': opt->xics = true; break;
		case 'P': opt->pin = true; break;
		case 'e': parse_peer(opt, optarg); break;
		case 'r': parse_setting(opt, optarg); break;
		case 's':
			if (opt->nshow == MAX_REGS)
				die("more than %d registers to show", MAX_REGS);
			opt->show[opt->nshow++] = parse_reg(optarg);
			break;
		case 'T': opt->time_limit = parse_number("time limit", optarg, 1, 86400); break;
		case 'S': opt->stress = parse_number("seed", optarg, 1, UINT64_MAX); break;
		case 'v': opt->verbose = true; break;
		case 'R': reg_list(); exit(0);
		case 'h': fputs(usage, stdout); exit(0);
		default: exit(STATUS_ERROR);	/* getopt has said what is wrong */
		}
	}
	if (optind != argc - 1)
		die("give one payload (hvrun --help)");
	if (opt->stress && opt->mem_size < 128 << 10)
		die("--stress: give 128K of memory or more, half of which it changes");
	opt->payload = argv[optind];
}

static void kick(int sig)
{
	(void)sig;	/* only interrupts KVM_RUN and nanosleep */
}

/* All vCPU threads out of KVM_RUN, whatever they are doing. immediate_exit
 * closes the window between their last look at vm->stop and KVM_RUN. */
static void stop_vcpus(struct vm *vm)
{
	vm->stop = true;
	pthread_mutex_lock(&vm->lock);
	pthread_cond_broadcast(&vm->wake);
	pthread_mutex_unlock(&vm->lock);
	for (unsigned int i = 0; i < vm->opt->cpus; i++) {
		vm->cpu[i].run->immediate_exit = 1;
		pthread_kill(vm->cpu[i].thread, SIGUSR1);
	}
	for (unsigned int i = 0; i < vm->opt->cpus; i++)
		pthread_join(vm->cpu[i].thread, NULL);
}

/* The signals that end a run; only main takes them. SIGUSR2: the guest ended. */
static void block_signals(sigset_t *ends)
{
	struct sigaction sa = { .sa_handler = kick };

	sigaction(SIGUSR1, &sa, NULL);
	sigemptyset(ends);
	sigaddset(ends, SIGINT);
	sigaddset(ends, SIGTERM);
	sigaddset(ends, SIGHUP);
	sigaddset(ends, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, ends, NULL);
}

static int wait_for_end(const sigset_t *ends, unsigned int limit)
{
	struct timespec end, now, left = { 0, 0 };
	int sig;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += limit;
	do {
		if (limit) {
			clock_gettime(CLOCK_MONOTONIC, &now);
			left.tv_sec = end.tv_sec - now.tv_sec;
			left.tv_nsec = end.tv_nsec - now.tv_nsec;
			if (left.tv_nsec < 0) {
				left.tv_sec--;
				left.tv_nsec += 1000000000;
			}
			if (left.tv_sec < 0)
				return SIGALRM;
		}
		sig = sigtimedwait(ends, NULL, limit ? &left : NULL);
	} while (sig < 0 && errno == EINTR);
	return sig < 0 ? SIGALRM : sig;
}

static void show_registers(struct vm *vm)
{
	uint64_t value;

	for (unsigned int i = 0; i < vm->opt->nshow; i++) {
		const struct reg *reg = vm->opt->show[i];

		if (reg_get(&vm->cpu[0], reg, &value) < 0)
			die("cannot read register %s: %s", reg->name, strerror(errno));
		printf("%s 0x%016llx\n", reg->name, (unsigned long long)value);
	}
	if (vm->opt->verbose)
		for (unsigned int i = 0; i < vm->opt->cpus; i++)
			fprintf(stderr, "hvrun: vCPU %u: %llu exits to hvrun\n", i,
				(unsigned long long)vm->cpu[i].exits);
}

int main(int argc, char **argv)
{
	static struct options opt = { .mem_size = 64ull << 20, .cpus = 1 };
	static struct vm vm;
	pthread_t stress;
	sigset_t ends;
	int sig;

	parse_options(&opt, argc, argv);
	setvbuf(stdout, NULL, _IOLBF, 0);
	vm_create(&vm, &opt);
	block_signals(&ends);
	for (unsigned int i = 0; i < opt.cpus; i++)
		if (pthread_create(&vm.cpu[i].thread, NULL, vcpu_thread, &vm.cpu[i]))
			die("cannot start a thread for vCPU %u", i);
	if (opt.stress && pthread_create(&stress, NULL, stress_thread, &vm))
		die("cannot start the thread that --stress needs");
	sig = wait_for_end(&ends, opt.time_limit);
	stop_vcpus(&vm);
	if (opt.stress)
		pthread_join(stress, NULL);
	show_registers(&vm);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write what the guest said");
	if (sig == SIGUSR2)
		return vm.status;
	if (sig == SIGALRM) {
		fprintf(stderr, "hvrun: time limit of %u s reached\n", opt.time_limit);
		return STATUS_TIME;
	}
	signal(sig, SIG_DFL);	/* end by that signal, as the caller expects */
	pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
	raise(sig);
	return STATUS_ERROR;
}
