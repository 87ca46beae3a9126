// SPDX-License-Identifier: GPL-2.0
/* hvbench run: hvrun with the benchmark's payload, once for each kind of guest that the rows need. */
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include "../../tools/common/util.h"
#include "child.h"
#include "cmd.h"
#include "host.h"
#include "result.h"
#include "rows.h"

#define PAYLOAD		"/usr/lib/kvm-hv/payloads/bench.bin"
#define TIME_LIMIT	"600"
#define MAX_ARGS	32
#define ROLE_MAIN	0	/* ../suite/suite.h */
#define ROLE_PEER	1

struct options {
	const char *output, *payload, *hvrun, *type, *machine, *backend;
	long samples, percent, runs;
	bool cycles;
	uint64_t rows;		/* bit n: the n-th row of bench_rows */
};

/* hvrun's argument vector; words lives as long as it. */
static void hvrun_args(const struct options *opt, const struct setup *setup, uint64_t mask, int role, const int *peers,
		       char *words, size_t size, char **argv)
{
	char own[32];
	size_t n = 0;

	snprintf(own, sizeof(own), "--peer %d,%d", peers[role], peers[!role]);
	snprintf(words, size, "--time-limit " TIME_LIMIT " %s --reg r6=%ld --reg r7=%ld --reg r8=%#llx --reg r9=%d --reg r10=%d",
		 setup == &setups[SETUP_PEER] ? own : setup->options, opt->samples, opt->percent, (unsigned long long)mask, role,
		 opt->cycles);
	argv[n++] = (char *)opt->hvrun;
	argv[n++] = "--type";
	argv[n++] = (char *)opt->type;
	for (char *save = NULL, *w = strtok_r(words, " ", &save); w && n + 3 < MAX_ARGS; w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	argv[n++] = "--";
	argv[n++] = (char *)opt->payload;
	argv[n] = NULL;
}

/* child_fixed_layout(), and one CPU for all, but not for a guest whose vCPUs have one each */
static void fixed_layout_one_cpu(void)
{
	cpu_set_t all, one;

	child_fixed_layout();
	CPU_ZERO(&one);
	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++)
		if (CPU_ISSET(cpu, &all))
			CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static json_t *find_row(const json_t *rows, const struct row *row)
{
	json_t *r;
	size_t i;

	json_array_foreach(rows, i, r)
		if (!strcmp(json_string_value(json_object_get(r, "row")), row->name))
			return r;
	return NULL;
}

static json_t *find_or_add(json_t *rows, const struct row *row)
{
	json_t *r = find_row(rows, row);

	if (r)
		return r;
	r = json_pack("{s:s, s:s, s:[], s:[]}", "row", row->name, "unit", row->unit, "counts", "ticks");
	json_array_append_new(rows, r);
	return r;
}

/* "sample ROW COUNT TICKS CYCLES", "skip ROW WHY"; false: something else */
static bool take_line(json_t *rows, char *line)
{
	unsigned long long count, ticks, cycles;
	char name[64], why[128];
	const struct row *row;
	json_t *r;

	if (sscanf(line, "sample %63s %llu %llu %llu", name, &count, &ticks, &cycles) == 4 && count && (row = row_find(name))) {
		r = find_or_add(rows, row);
		json_array_append_new(json_object_get(r, "counts"), json_integer(count));
		json_array_append_new(json_object_get(r, "ticks"), json_integer(ticks));
		if (cycles && !json_object_get(r, "cycles"))
			json_object_set_new(r, "cycles", json_array());
		if (cycles)
			json_array_append_new(json_object_get(r, "cycles"), json_integer(cycles));
		return true;
	}
	if (sscanf(line, "skip %63s %127[^\n]", name, why) == 2 && (row = row_find(name))) {
		r = find_or_add(rows, row);
		json_object_clear(r);
		json_object_set_new(r, "row", json_string(row->name));
		json_object_set_new(r, "unit", json_string(row->unit));
		json_object_set_new(r, "skipped", json_string(why));
		return true;
	}
	return false;
}

/* The guest's lines until it ends; 0 if it ended as it should. */
static int read_guest(struct child *c, json_t *rows)
{
	bool done = false;
	char line[256];
	int status;

	while (fgets(line, sizeof(line), c->out)) {
		if (!strcmp(line, "done\n"))
			done = true;
		else if (!take_line(rows, line))
			fprintf(stderr, "hvbench: the guest says: %s", line);
	}
	status = child_end(c);
	if (!done || !WIFEXITED(status) || WEXITSTATUS(status))
		return hv_error("the guest did not come to its end (hvrun's status %d)",
				WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}

static void end_peer(struct child *peer)
{
	kill(peer->pid, SIGKILL);
	child_end(peer);
}

static int run_setup(const struct options *opt, enum setup_id id, uint64_t mask, json_t *rows)
{
	bool with_peer = id == SETUP_PEER, pinned = id != SETUP_SMP;
	int peers[2] = { eventfd(0, 0), eventfd(0, 0) }, ret = -1;
	char words[1024], *argv[MAX_ARGS];
	struct child main_guest, peer;

	if (with_peer) {
		hvrun_args(opt, &setups[id], mask, ROLE_PEER, peers, words, sizeof(words), argv);
		if (child_start(argv, pinned ? fixed_layout_one_cpu : child_fixed_layout, &peer))
			return -1;
	}
	hvrun_args(opt, &setups[id], mask, ROLE_MAIN, peers, words, sizeof(words), argv);
	if (!child_start(argv, pinned ? fixed_layout_one_cpu : child_fixed_layout, &main_guest))
		ret = read_guest(&main_guest, rows);
	if (with_peer)
		end_peer(&peer);
	close(peers[0]);
	close(peers[1]);
	return ret;
}

static int allowed_cpus(void)
{
	cpu_set_t all;

	return sched_getaffinity(0, sizeof(all), &all) ? 1 : CPU_COUNT(&all);
}

/* All rows of a kind are skipped. */
static void skip_rows(json_t *rows, uint64_t mask, const char *why)
{
	char line[256];

	for (size_t i = 0; i < nr_rows; i++)
		if (mask >> i & 1) {
			snprintf(line, sizeof(line), "skip %s %s\n", bench_rows[i].name, why);
			take_line(rows, line);
		}
}

/* A payload that does not know a row leaves it out and says nothing. */
static int check_rows(const struct options *opt, const json_t *rows, uint64_t mask)
{
	for (size_t i = 0; i < nr_rows; i++) {
		json_t *r = find_row(rows, &bench_rows[i]);

		if (!(mask >> i & 1))
			continue;
		if (!r)
			return hv_error("the guest did not run %s: %s is not this hvbench's", bench_rows[i].name, opt->payload);
		/* a counter that was there at times only */
		if (json_array_size(json_object_get(r, "cycles")) != json_array_size(json_object_get(r, "counts")))
			json_object_del(r, "cycles");
	}
	return 0;
}

static int run_once(const struct options *opt, json_t *run, long nr)
{
	json_t *rows = json_object_get(run, "rows");

	for (int id = 0; id < NR_SETUPS; id++) {
		uint64_t mask = 0;

		for (size_t i = 0; i < nr_rows; i++)
			if (bench_rows[i].setup == (enum setup_id)id)
				mask |= opt->rows & 1ull << i;
		if (!mask)
			continue;
		fprintf(stderr, "hvbench: run %ld of %ld: %d rows, %s\n", nr, opt->runs, __builtin_popcountll(mask), setups[id].what);
		if (id == SETUP_SMP && allowed_cpus() < 2)
			skip_rows(rows, mask, "needs two host CPUs");
		else if (run_setup(opt, id, mask, rows) || check_rows(opt, rows, mask))
			return -1;
	}
	return 0;
}

static int save_runs(const struct options *opt, const char *hash)
{
	json_t *result = result_new();
	int ret = 0;

	for (long nr = 1; nr <= opt->runs && !ret; nr++) {
		json_t *run = host_run("exits", opt->machine, opt->backend);

		if (!run) {
			ret = -1;
			break;
		}
		json_object_set_new(run, "run", json_integer(nr));
		json_object_set_new(json_object_get(run, "environment"), "payload_sha256", json_string(hash));
		json_array_append_new(json_object_get(result, "runs"), run);
		ret = run_once(opt, run, nr);
	}
	if (!ret)
		ret = result_save(result, opt->output);
	json_decref(result);
	return ret;
}

/* A list of names, or all of Dall et al.; false after a message. */
static bool choose_rows(struct options *opt, const char *suite, const char *names)
{
	char *list = names ? hv_strdup(names) : NULL, *next = list, *w;

	opt->rows = 0;
	for (size_t i = 0; i < nr_rows && !names; i++)
		if (!strcmp(suite, "exits") || *bench_rows[i].dall)
			opt->rows |= 1ull << i;
	while ((w = strsep(&next, ","))) {
		const struct row *row = row_find(w);

		if (!row) {
			hv_error("run: no row '%s': hvbench rows names them", w);
			opt->rows = 0;
			break;
		}
		opt->rows |= 1ull << (row - bench_rows);
	}
	free(list);
	return opt->rows;
}

enum { OPT_SUITE = 256, OPT_ROWS, OPT_SAMPLES, OPT_RUNS, OPT_QUICK, OPT_TYPE, OPT_PAYLOAD, OPT_HVRUN, OPT_MACHINE, OPT_BACKEND,
       OPT_CYCLES };

struct request {
	struct options opt;
	const char *suite, *names;
	bool quick;
};

/* One option; false: none of ours */
static bool take_option(struct request *r, int c)
{
	struct options *opt = &r->opt;

	switch (c) {
	case 'o': opt->output = optarg; break;
	case OPT_SUITE: r->suite = optarg; break;
	case OPT_ROWS: r->names = optarg; break;
	case OPT_SAMPLES: opt->samples = parse_number(&cmd_run, "number of samples", optarg, 1, 10000); break;
	case OPT_RUNS: opt->runs = parse_number(&cmd_run, "number of runs", optarg, 1, 1000); break;
	case OPT_QUICK: r->quick = true; break;
	case OPT_CYCLES: opt->cycles = true; break;
	case OPT_TYPE: opt->type = optarg; break;
	case OPT_PAYLOAD: opt->payload = optarg; break;
	case OPT_HVRUN: opt->hvrun = optarg; break;
	case OPT_MACHINE: opt->machine = optarg; break;
	case OPT_BACKEND: opt->backend = optarg; break;
	default: return false;
	}
	return true;
}

/* --quick, but for what was given as well */
static void set_defaults(struct request *r)
{
	struct options *opt = &r->opt;

	opt->samples = opt->samples ? opt->samples : r->quick ? 5 : 10;
	opt->runs = opt->runs ? opt->runs : r->quick ? 1 : 2;
	opt->percent = r->quick ? 25 : 100;
}

static int run_request(struct request *r)
{
	char *hash;
	int ret;

	if (r->opt.samples < 0 || r->opt.runs < 0 || host_check_names(r->opt.machine, r->opt.backend))
		return STATUS_ERROR;
	set_defaults(r);
	if (strcmp(r->suite, "exits") && strcmp(r->suite, "dall"))
		return hv_error("run: no suite '%s': exits or dall", r->suite), STATUS_ERROR;
	if (!choose_rows(&r->opt, r->suite, r->names))
		return STATUS_ERROR;
	if (result_writable(r->opt.output))
		return STATUS_ERROR;
	hash = host_hash(r->opt.payload);
	ret = hash ? save_runs(&r->opt, hash) : -1;
	free(hash);
	return ret ? STATUS_ERROR : STATUS_OK;
}

static int run_run(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' }, { "suite", required_argument, NULL, OPT_SUITE },
		{ "rows", required_argument, NULL, OPT_ROWS }, { "samples", required_argument, NULL, OPT_SAMPLES },
		{ "runs", required_argument, NULL, OPT_RUNS }, { "quick", no_argument, NULL, OPT_QUICK },
		{ "type", required_argument, NULL, OPT_TYPE }, { "payload", required_argument, NULL, OPT_PAYLOAD },
		{ "hvrun", required_argument, NULL, OPT_HVRUN }, { "machine", required_argument, NULL, OPT_MACHINE },
		{ "backend", required_argument, NULL, OPT_BACKEND },
		{ "cycles", no_argument, NULL, OPT_CYCLES }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	struct request r = {
		.opt = { .output = DEFAULT_FILE, .payload = PAYLOAD, .hvrun = "hvrun", .type = "any" },
		.suite = "exits",
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":o:h", options, NULL)) != -1) {
		if (c == 'h')
			return print_help(&cmd_run);
		if (!take_option(&r, c))
			return bad_option(&cmd_run, argv, c);
	}
	if (optind != argc)
		return hv_error("run: what is '%s'? (hvbench run --help)", argv[optind]), STATUS_ERROR;
	return run_request(&r);
}

const struct command cmd_run = {
	.name = "run",
	.summary = "measures, on a host with a KVM backend loaded, and writes a result file",
	.help = "[OPTION]...\n\n"
		"Runs the benchmark's guest under hvrun on the loaded KVM backend and writes raw samples with\n"
		"what they depend on. Be root, or who may open /dev/kvm; leave the machine otherwise idle.\n\n"
		"  -o, --output FILE   the result file (default " DEFAULT_FILE "; - is standard output)\n"
		"  --suite NAME        exits: all rows (default); dall: the seven of Dall et al., ISCA 2016\n"
		"  --rows A,B,...      these rows only (hvbench rows)\n"
		"  --runs N            how often the guest is started anew (default 2)\n"
		"  --samples N         samples of each row in each run, after one for warming up (default 10)\n"
		"  --cycles            count the processor cycles of the host's thread too. A counter in use makes each\n"
		"                      exit a little longer (the host's counters are put aside), so not by default\n"
		"  --quick             one run, 5 samples of a quarter of the iterations; --runs and --samples go before that\n"
		"  --type hv|pr|any    the kind of VM, where several backends are loaded (default any)\n"
		"  --backend hv|stock|pr  what the results are called (default: found out)\n"
		"  --machine NAME      the same (default: the processor's name)\n"
		"  --payload FILE, --hvrun FILE   in place of the installed ones\n\n"
		"On an emulator time means nothing: there, results are instructions, and only if the emulator\n"
		"counts them (HV_ICOUNT=1 in the environment says so: ./hv exec --icount sets it).\n",
	.run = run_run,
};
