// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/util.h"
#include "report.h"

static const int table_columns[] = {
	COL_NAME, COL_COUNT, COL_SHARE, COL_MIN, COL_MEAN, COL_P50, COL_P90, COL_P99, COL_P999, COL_MAX, -1
};
static const int vcpu_columns[] = {
	COL_VCPU, COL_COUNT, COL_GUEST, COL_REAL, COL_HYPERVISOR, COL_USER, COL_IDLE, COL_MEAN, COL_P50, COL_P99, COL_MAX, -1
};
static const int vm_columns[] = {
	COL_COMM, COL_PID, COL_LPID, COL_COUNT, COL_GUEST, COL_REAL, COL_HYPERVISOR, COL_USER, COL_IDLE, COL_MEAN, COL_P99, -1
};

#define LINE	256
#define TOP_PCS	20	/* the text's; --json and --csv have all */

static void print_row(const int *columns, const struct hv_row *row)
{
	char line[LINE];

	hv_format_row(line, sizeof(line), columns, row);
	puts(line);
}

struct print {
	const char *table;	/* that is being printed */
	const struct hv_sums *sums;
	unsigned int rows;
};

static uint64_t table_count(const struct hv_sums *s, const char *table)
{
	if (!strcmp(table, "exits"))
		return hv_table_count(&s->exits);
	if (!strcmp(table, "hcalls"))
		return hv_table_count(&s->hcalls);
	return s->spent[HV_SPAN_SWITCH_IN].count + s->spent[HV_SPAN_SWITCH_OUT].count;
}

static void print_table_row(const char *table, int64_t nr, const struct hv_row *row, void *arg)
{
	static const char *const heads[][2] = {
		{ "exits", "exits" }, { "hcalls", "hypercalls" }, { "switches", "partition switches" } };
	struct print *p = arg;

	(void)nr;
	if (!p->table || strcmp(p->table, table)) {
		for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
			if (!strcmp(table, heads[i][0]))
				printf("\n%s: %" PRIu64 "\n", heads[i][1], table_count(p->sums, table));
		print_row(table_columns, NULL);
		p->table = table;
	}
	print_row(table_columns, row);
}

/* What nobody tells of is not there: the kernel's own backend has neither real mode nor switches. */
static void print_phases(const struct hv_sums *s, uint64_t outside)
{
	const struct {
		const char *name;
		uint64_t ns;
	} phases[] = {
		{ "in real mode", s->spent[HV_SPAN_REAL].sum },
		{ "switching partitions", s->spent[HV_SPAN_SWITCH_IN].sum + s->spent[HV_SPAN_SWITCH_OUT].sum },
		{ "in the module", hv_sums_module(s) },
		{ "in the VMM", s->spent[HV_SPAN_USER].sum },
		{ "idle", s->spent[HV_SPAN_IDLE].sum },
	};
	const char *comma = "of it";

	if (!outside)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(phases); i++) {
		if (!phases[i].ns)
			continue;
		printf("%s %.3f ms %s", comma, phases[i].ns / 1e6, phases[i].name);
		comma = ",";
	}
	puts("");
}

void print_sums_text(struct hv_sums *s)
{
	uint64_t outside = hv_sums_outside(s), inside = s->spent[HV_SPAN_GUEST].sum;
	struct print p = { .sums = s };

	printf("%" PRIu64 " guest entries", s->enters);
	if (inside + outside)
		printf(", %.3f ms in the guest, %.3f ms outside (%.2f %%)", inside / 1e6, outside / 1e6,
		       100.0 * outside / (inside + outside));
	puts("");
	print_phases(s, outside);
	for_each_row(s, print_table_row, &p);
	if (!s->hcalls.nr_reasons)
		puts("\nhypercalls: 0");
}

static void print_pc_row(const char *table, int64_t nr, const struct hv_row *row, void *arg)
{
	struct print *p = arg;

	(void)table, (void)nr;
	if (!p->rows) {
		puts("\nwhere in the guest, by time:");
		print_row(table_columns, NULL);
	}
	if (p->rows++ < TOP_PCS)
		print_row(table_columns, row);
}

static void print_losses(const struct hv_reader *rd)
{
	uint64_t all = hv_reader_lost(rd), told = 0;

	if (!all) {
		puts("lost: 0 events");
		return;
	}
	printf("LOST: %" PRIu64 " events. Counts are too low, and durations around the gaps are left out.\n", all);
	for (int cpu = 0; cpu < HV_MAX_CPUS; cpu++) {
		if (rd->lost[cpu])
			printf("  CPU %d: %" PRIu64 "\n", cpu, rd->lost[cpu]);
		told += rd->lost[cpu];
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
	hv_printable(text);
	printf("%s: %s\n", label, text);
	free(text);
}

static void print_head(const struct hv_reader *rd, const char *path)
{
	const struct hv_clock *c = &rd->clock;

	printf("%s: %" PRIu64 " events in %.3f s\n", path, rd->records, (rd->last_time - rd->first_time) / 1e9);
	if (pd_is_unfinished(rd->file))
		puts(HV_INCOMPLETE);
	print_losses(rd);
	print_feature(rd->file, "recorded on", pd_feature_string, PD_HOSTNAME);
	print_feature(rd->file, "kernel", pd_feature_string, PD_OSRELEASE);
	print_feature(rd->file, "machine", pd_feature_string, PD_ARCH);
	print_feature(rd->file, "by", pd_feature_strings, PD_CMDLINE);
	if (!c->use_ticks)
		puts("clock: the samples' time stamps");
	else
		printf("clock: timebase, %.0f MHz%s\n", 1e3 * (double)(1ull << c->shift) / c->mult,
		       c->assumed ? " (assumed)" : "");
	if (rd->others)
		printf("other events, not counted here: %" PRIu64 "\n", rd->others);
}

/* A row about all that these sums are of. */
static void print_summary(const int *columns, const struct hv_vcpu *v, const char *comm, const struct hv_sums *s)
{
	struct hv_row row = { .comm = comm, .pid = v->pid, .lpid = v->lpid, .vcpu = v->id };
	struct hist all = { 0 };

	for (size_t i = 0; i < s->exits.nr_reasons; i++)
		hist_merge(&all, &s->exits.reasons[i].hist);
	row.count = hv_table_count(&s->exits);
	row.hist = &all;
	hv_fill_shares(&row, s);
	print_row(columns, &row);
	hist_free(&all);
}

static void add_vcpus(struct hv_sums *s, const struct hv_stats *stats, size_t from, size_t nr)
{
	bool bad = false;

	for (size_t i = from; i < from + nr; i++)
		bad |= hv_sums_add(s, stats->vcpus[i]);
	if (bad)
		hv_warn("more than %d exit reasons or hypercalls: the sums lack some", HV_MAX_REASONS);
}

static void print_vcpus(const struct hv_stats *stats, size_t from, size_t nr)
{
	puts("\nvCPUs, and how long their exits take:");
	print_row(vcpu_columns, NULL);
	for (size_t i = from; i < from + nr; i++) {
		struct hv_sums s = { 0 };

		add_vcpus(&s, stats, i, 1);
		print_summary(vcpu_columns, stats->vcpus[i], NULL, &s);
		hv_sums_free(&s);
	}
}

static void print_vm(const struct recording *r, size_t from, size_t nr)
{
	const struct hv_vcpu *v = r->stats->vcpus[from];
	const char *comm = hv_reader_comm(r->reader, v->pid);
	struct hv_sums s = { 0 };
	struct print p = { 0 };

	printf("\n== VM of process %d", v->pid);
	if (comm)
		printf(" (%s)", comm);
	if (v->lpid >= 0)
		printf(", LPID %" PRId64, v->lpid);
	puts(" ==");
	add_vcpus(&s, r->stats, from, nr);
	/* A VM of one vCPU would print the same tables twice. */
	if (nr > 1) {
		printf("\n-- %zu vCPUs: ", nr);
		print_sums_text(&s);
		print_vcpus(r->stats, from, nr);
	}
	for (size_t i = from; i < from + nr; i++) {
		struct hv_sums one = { 0 };

		add_vcpus(&one, r->stats, i, 1);
		printf("\n-- vCPU %d: ", r->stats->vcpus[i]->id);
		print_sums_text(&one);
		hv_sums_free(&one);
	}
	if (hv_decoder_has_field(r->reader->decoder, HV_kvm_guest_exit, HV_F_pc))
		for_each_pc(r, v, hv_sums_outside(&s), print_pc_row, &p);
	if (p.rows > TOP_PCS)
		printf("and %u more (--json, --csv; --symbols FILE makes functions of them)\n", p.rows - TOP_PCS);
	hv_sums_free(&s);
}

static void print_all_vms(const struct recording *r)
{
	const struct hv_stats *stats = r->stats;
	struct hv_sums all = { 0 };

	printf("\n== all VMs ==\n\n");
	print_row(vm_columns, NULL);
	for (size_t i = 0, nr; i < stats->nr_vcpus; i += nr) {
		struct hv_sums s = { 0 };

		nr = hv_vm_vcpus(stats, i);
		add_vcpus(&s, stats, i, nr);
		print_summary(vm_columns, stats->vcpus[i], hv_reader_comm(r->reader, stats->vcpus[i]->pid), &s);
		hv_sums_free(&s);
	}
	puts("");
	add_vcpus(&all, stats, 0, stats->nr_vcpus);
	print_sums_text(&all);
	hv_sums_free(&all);
}

void report_text(struct recording *r, const char *path)
{
	print_head(r->reader, path);
	if (!r->stats->nr_vcpus)
		puts("\n" HV_NO_GUEST);
	if (several_vms(r->stats))
		print_all_vms(r);
	for (size_t i = 0, nr; i < r->stats->nr_vcpus; i += nr) {
		nr = hv_vm_vcpus(r->stats, i);
		print_vm(r, i, nr);
	}
}
