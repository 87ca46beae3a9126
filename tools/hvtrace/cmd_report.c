// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "../common/columns.h"
#include "../common/names.h"
#include "../common/util.h"
#include "cmd.h"
#include "recording.h"

static const int table_columns[] = {
	COL_NAME, COL_COUNT, COL_SHARE, COL_MIN, COL_MEAN, COL_P50, COL_P99, COL_MAX, -1
};

#define LINE 256

static void print_row(const struct hv_row *row)
{
	char line[LINE];

	hv_format_row(line, sizeof(line), table_columns, row);
	puts(line);
}

typedef const char *(*name_fn)(int64_t nr, char buf[HV_NAME_MAX]);

static double share(const struct hist *h, uint64_t outside)
{
	return outside ? (double)h->sum / outside : 0;
}

/* outside: ns that the vCPUs in question spent outside the guest; shares are of that. */
static void print_table(struct hv_table *t, name_fn name, uint64_t outside)
{
	hv_table_sort(t);
	print_row(NULL);
	for (size_t i = 0; i < t->nr_reasons; i++) {
		const struct hv_reason *r = &t->reasons[i];
		char buf[HV_NAME_MAX];

		print_row(&(struct hv_row){
			.name = name(r->nr, buf), .count = r->count, .hist = &r->hist,
			.share = share(&r->hist, outside) });
	}
}

static void print_switches(const struct hist *in, const struct hist *out, uint64_t outside)
{
	if (!in->count && !out->count)
		return;
	printf("\npartition switches: %" PRIu64 "\n", in->count + out->count);
	print_row(NULL);
	print_row(&(struct hv_row){ .name = "to the guest", .count = in->count, .hist = in,
				    .share = share(in, outside) });
	print_row(&(struct hv_row){ .name = "to the host", .count = out->count, .hist = out,
				    .share = share(out, outside) });
}

/* The tables of one vCPU, of one VM's vCPUs or of all. */
struct sums {
	struct hv_table exits, hcalls;
	struct hist guest, switch_in, switch_out;
	uint64_t enters;
};

static void sum_add(struct sums *s, const struct hv_vcpu *v)
{
	if (hv_table_merge(&s->exits, &v->exits) || hv_table_merge(&s->hcalls, &v->hcalls))
		hv_warn("more than %d exit reasons or hypercalls: the sums lack some", HV_MAX_REASONS);
	hist_merge(&s->guest, &v->guest);
	hist_merge(&s->switch_in, &v->switch_in);
	hist_merge(&s->switch_out, &v->switch_out);
	s->enters += v->enters;
}

static void sum_free(struct sums *s)
{
	hv_table_free(&s->exits);
	hv_table_free(&s->hcalls);
	hist_free(&s->guest);
	hist_free(&s->switch_in);
	hist_free(&s->switch_out);
}

static void print_sums(struct sums *s)
{
	uint64_t outside = hv_table_time(&s->exits), inside = s->guest.sum;

	printf("%" PRIu64 " guest entries", s->enters);
	if (inside + outside)
		printf(", %.3f ms in the guest, %.3f ms outside (%.2f %%)", inside / 1e6, outside / 1e6,
		       100.0 * outside / (inside + outside));
	printf("\n\nexits: %" PRIu64 "\n", hv_table_count(&s->exits));
	if (s->exits.nr_reasons)
		print_table(&s->exits, hv_exit_name, outside);
	printf("\nhypercalls: %" PRIu64 "\n", hv_table_count(&s->hcalls));
	if (s->hcalls.nr_reasons)
		print_table(&s->hcalls, hv_hcall_name, outside);
	print_switches(&s->switch_in, &s->switch_out, outside);
}

static void print_losses(const struct recording *r)
{
	uint64_t all = r->lost_records > r->lost_samples ? r->lost_records : r->lost_samples, told = 0;

	if (!all) {
		puts("lost: 0 events");
		return;
	}
	printf("LOST: %" PRIu64 " events. Counts are too low, and durations around the gaps are left out.\n", all);
	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		if (r->lost[cpu])
			printf("  CPU %d: %" PRIu64 "\n", cpu, r->lost[cpu]);
		told += r->lost[cpu];
	}
	if (all > told)
		printf("  CPU unknown: %" PRIu64 "\n", all - told);
}

static void print_feature(struct pd_file *f, const char *label, char *(*get)(struct pd_file *, enum pd_feature),
			  enum pd_feature feature)
{
	char *text = get(f, feature);

	if (!text)
		return;
	for (char *p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	printf("%s: %s\n", label, text);
	free(text);
}

static void print_head(const struct recording *r, const char *path)
{
	const struct hv_stats *s = r->stats;

	printf("%s: %" PRIu64 " events in %.3f s\n", path, r->records, (s->last_time - s->first_time) / 1e9);
	print_feature(r->file, "recorded on", pd_feature_string, PD_HOSTNAME);
	print_feature(r->file, "kernel", pd_feature_string, PD_OSRELEASE);
	print_feature(r->file, "machine", pd_feature_string, PD_ARCH);
	print_feature(r->file, "by", pd_feature_strings, PD_CMDLINE);
	if (!s->use_ticks)
		puts("clock: the samples' time stamps");
	else
		printf("clock: timebase, %.0f MHz%s\n", 1e3 * (double)(1ull << s->tick_shift) / s->tick_mult,
		       r->ticks_assumed ? " (assumed)" : "");
	if (r->others)
		printf("other events, not counted here: %" PRIu64 "\n", r->others);
	print_losses(r);
}

static void print_vm(const struct recording *r, const struct hv_vcpu *v)
{
	const char *comm = recording_comm(r, v->pid);

	printf("\n== VM of process %d", v->pid);
	if (comm)
		printf(" (%s)", comm);
	if (v->lpid >= 0)
		printf(", LPID %" PRId64, v->lpid);
	puts(" ==");
}

static void print_vcpu(const struct hv_vcpu *v)
{
	struct sums s = { 0 };

	printf("\n-- vCPU %d: ", v->id);
	sum_add(&s, v);
	print_sums(&s);
	sum_free(&s);
}

static void print_vms(const struct recording *r)
{
	struct hv_vcpu *const *v = r->stats->vcpus;
	size_t nr = r->stats->nr_vcpus, end;

	for (size_t i = 0; i < nr; i = end) {
		struct sums s = { 0 };

		for (end = i; end < nr && hv_same_vm(v[i], v[end]); end++)
			sum_add(&s, v[end]);
		print_vm(r, v[i]);
		/* A VM of one vCPU would print the same tables twice. */
		if (end - i > 1) {
			printf("\n-- %zu vCPUs: ", end - i);
			print_sums(&s);
		}
		for (size_t j = i; j < end; j++)
			print_vcpu(v[j]);
		sum_free(&s);
	}
}

static bool several_vms(const struct hv_stats *s)
{
	return s->nr_vcpus && !hv_same_vm(s->vcpus[0], s->vcpus[s->nr_vcpus - 1]);
}

static int report(const char *path)
{
	struct recording *r = recording_read(path);
	struct sums all = { 0 };

	if (!r)
		return 1;
	print_head(r, path);
	if (several_vms(r->stats)) {
		for (size_t i = 0; i < r->stats->nr_vcpus; i++)
			sum_add(&all, r->stats->vcpus[i]);
		printf("\n== all VMs ==\n\n");
		print_sums(&all);
		sum_free(&all);
	}
	print_vms(r);
	recording_free(r);
	if (fflush(stdout) || ferror(stdout)) {
		hv_error("cannot write the report");
		return 1;
	}
	return 0;
}

static int run_report(int argc, char *argv[])
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	const char *path = DEFAULT_FILE;
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":i:h", options, NULL)) != -1) {
		switch (opt) {
		case 'i':
			path = optarg;
			break;
		case 'h':
			return print_help(&cmd_report);
		default:
			return bad_option(&cmd_report, argv, opt);
		}
	}
	if (optind < argc) {
		hv_error("report: unexpected argument %s: name the file with -i", argv[optind]);
		return 1;
	}
	return report(path);
}

const struct command cmd_report = {
	.name = "report",
	.summary = "exits and hypercalls in a recording: how often, how long",
	.help = "[-i FILE]\n\n"
		"Reports what hvtrace record or perf record wrote: per VM and vCPU, exits by reason\n"
		"and hypercalls by name with count, share of the time spent outside the guest, and\n"
		"min, mean, p50, p99 and max duration in microseconds.\n\n"
		"An exit lasts until the vCPU's next guest entry. A hypercall lasts until the same\n"
		"moment, whoever answered it, kernel or user space.\n\n"
		"  -i FILE    read FILE (default: " DEFAULT_FILE ")\n",
	.run = run_report,
};
