// SPDX-License-Identifier: GPL-2.0
/* Recordings of the batch event: what it carries comes out as the single events would tell it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "check.h"
#include "records.h"
#include "tool.h"
#include "../../tools/common/format.h"
#include "../../tools/hvtrace/recording.h"

/* libtraceevent (1.7) itself forgets a few strings of an event format that it cannot parse. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libtraceevent";
}

static char path[64], lines[1 << 16];
static int fd;

static void write_file(const void *data, size_t len)
{
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_true(pwrite(fd, data, len, 0) == (ssize_t)len);
}

static void finish(struct gen *g)
{
	gen_finish(g);
	write_file(g->data, g->len);
	gen_free(g);
}

static const struct hv_reason *reason(const struct hv_table *t, int64_t nr)
{
	const struct hv_reason *r = hv_table_find(t, nr);

	if (!r)
		fail_msg("%lld is not in the table", (long long)nr);
	return r;
}

static void check_reason(const struct hv_table *t, int64_t nr, uint64_t count, uint64_t each)
{
	const struct hv_reason *r = reason(t, nr);

	assert_int_equal(r->count, count);
	assert_int_equal(r->hist.count, count);
	assert_in_range(r->hist.min, each - 2, each);
	assert_in_range(r->hist.max, each - 2, each);
}

static void check_spent(const struct hv_vcpu *v, enum hv_span_kind kind, uint64_t count, uint64_t sum)
{
	assert_int_equal(v->spent[kind].count, count);
	assert_in_range(v->spent[kind].sum, sum - 4 * count, sum);
}

static void check_sums(bool big)
{
	const struct hv_vcpu *v;
	struct hv_sums s = { 0 };
	struct recording *r;
	struct gen g;

	gen_round_trips(&g, big, 10);
	finish(&g);
	r = recording_read(path, &HV_SELECT_ALL, NULL);
	assert_non_null(r);
	assert_int_equal(r->stats->nr_vcpus, 1);
	v = r->stats->vcpus[0];
	assert_int_equal(v->pid, 77);
	assert_int_equal(v->lpid, 3);
	assert_int_equal(v->enters, 31);
	assert_int_equal(reason(&v->exits, 0xc00)->count, 20);
	check_reason(&v->exits, 0xe00, 10, 1000);
	check_reason(&v->hcalls, 0x4, 10, 500);
	check_reason(&v->hcalls, 0xf7fc, 10, 20000);
	check_spent(v, HV_SPAN_GUEST, 30, 10 * 6000);
	check_spent(v, HV_SPAN_REAL, 20, 10 * 1500);
	check_spent(v, HV_SPAN_SWITCH_OUT, 10, 10 * 2000);
	check_spent(v, HV_SPAN_SWITCH_IN, 11, 10 * 3000 + 1000);
	check_spent(v, HV_SPAN_USER, 10, 10 * 10000);
	assert_int_equal(v->spent[HV_SPAN_IDLE].count, 0);
	hv_sums_add(&s, v);
	/* The first switch to the guest belongs to no exit, but to the time outside. */
	assert_in_range(hv_sums_module(&s), 10 * 5000 - 1100, 10 * 5000);
	hv_sums_free(&s);
	recording_free(r);
}

static void test_sums(void **state)
{
	(void)state;
	check_sums(false);
	check_sums(true);
}

static int add_line(const struct hv_item *item, void *arg)
{
	struct hv_reader *rd = arg;
	char text[HV_LINE_MAX];
	size_t at = strlen(lines);

	hv_format_record(text, sizeof(text), &item->r);
	snprintf(lines + at, sizeof(lines) - at, "%llu %s %s\n", (unsigned long long)(item->r.when - rd->start),
		 hv_event_names[item->r.event], text);
	return 0;
}

static void read_lines(bool by_time)
{
	struct hv_reader *rd = hv_reader_open(path);

	assert_non_null(rd);
	rd->by_time = by_time;
	lines[0] = '\0';
	assert_int_equal(hv_reader_run(rd, add_line, rd), 0);
	hv_reader_close(rd);
}

static void sees(const char *text)
{
	if (!strstr(lines, text))
		fail_msg("no \"%s\" in\n%s", text, lines);
}

static void test_records_as_events(void **state)
{
	struct gen g;

	(void)state;
	gen_round_trips(&g, false, 1);
	GEN_REC(&g, HCALL, 0x8, 0, -4ull);
	GEN_REC(&g, HCALL, 0, 0, -2ull, 0x123456780);
	GEN_REC(&g, HCALL, 0, 2, 0x123456780);
	GEN_REC(&g, USER, 0, 0, -1ull, 0x123456780);
	GEN_REC(&g, ENTER, 0, 10, 0x5000, 3, 4, 5, 0x80);
	GEN_REC(&g, MMIO, 0, 0, 0xf00d000, 0x55, 4 | 0x100 | 0x200);
	GEN_REC(&g, FAULT, 0, 0, 0xd000, 0x40000000 | (uint64_t)HV_FAULT_REFLECTED << 32, 0, 0, 0, 0, 0);
	gen_batch_end(&g, 1);
	finish(&g);
	read_lines(false);
	sees("0 kvm_guest_enter VCPU 0: pc=0x100 pexcp=0x0 ceded=0 lpid=3 tb=512000512 where=module module=0 user=0"
	     " idle=0\n");
	sees(" kvm_guest_exit VCPU 0: trap=SYSCALL pc=0x1000 msr=0x8000, ceded=0 lpid=3 tb=512001536 dar=0x0 dsisr=0x0"
	     " where=real mode MSR(EE)\n");
	sees(" kvm_hcall_enter VCPU 0: hcall=H_REMOVE GPR4-7=0x1,0x70,0x3,0x0 lpid=3 tb=512001536 flags=0x1 ptex=0x70");
	sees(" kvm_hcall_exit VCPU 0: ret=RESUME_GUEST hcall_rc=H_PARTIAL lpid=3 req=H_REMOVE tb=512001792 where=real mode\n");
	sees(" kvm_guest_enter VCPU 0: pc=0x1000 pexcp=0x0 ceded=0 lpid=3 tb=512001792 where=real mode out=0 ");
	sees(" kvm_page_fault_enter VCPU 0: hpte=0x11:0x22 guest=0x33 ea=0xd000,42000000 slot=0x100,0x2(NOT_MAPPED|STORE)"
	     " gpa=0x7000 lpid=3 tb=512002816 where=real mode\n");
	sees(" kvm_guest_enter VCPU 0: pc=0x2004 ");
	sees(" kvm_partition_switch VCPU 0: to host lpid 3 -> 0 tb_start=512004352 tb_end=512005376 ticks=1024\n");
	sees(" kvm_hcall_exit VCPU 0: ret=RESUME_HOST hcall_rc=H_TOO_HARD lpid=3 req=0xf7fc tb=512006912 where=user space\n");
	sees(" kvm_hcall_user VCPU 0: hcall=0xf7fc hcall_rc=0x7 lpid=3 ");
	sees(" kvm_hcall_exit VCPU 1: ret=RESUME_GUEST hcall_rc=H_PARAMETER lpid=3 req=H_ENTER ");
	sees(" kvm_hcall_exit VCPU 1: ret=RESUME_GUEST hcall_rc=H_FUNCTION lpid=3 req=0x123456780 ");
	sees(" kvm_hcall_exit VCPU 1: ret=RESUME_HOST hcall_rc=H_TOO_HARD lpid=3 req=0x123456780 ");
	sees(" kvm_hcall_user VCPU 1: hcall=0x123456780 hcall_rc=H_HARDWARE lpid=3 ");
	sees(" kvm_guest_enter VCPU 0: pc=0x3004 pexcp=0x0 ceded=0 lpid=3 tb=512014592 where=user space out=1024 module=2560"
	     " user=5120 idle=0\n");
	sees(" kvm_guest_enter VCPU 1: pc=0x5000 pexcp=0x80 ceded=0 lpid=3 ");
	sees(" module=3 user=4 idle=5\n");
	sees(" kvm_mmio VCPU 1: write gpa=0xf00d000 len=4 value=0x55 lpid=3 ");
	sees("outcome=reflected lpid=3 ");
}

/* A hypercall from where the last one came, answered at once, has a short record of its own. */
static void test_again(void **state)
{
	struct gen g;

	(void)state;
	gen_start_batches(&g, false);
	GEN_REC(&g, STAYED, 0xc00, 256, 0x1000, 0x8000, 0x4, 1, 0x70, 3, 5);
	gen_wait(&g, 1000);
	GEN_REC(&g, LEFT, 0x500, 0, 0x9000, 0x9000);
	gen_wait(&g, 1000);
	GEN_REC(&g, AGAIN, 0x4, (uint8_t)-7 | 300 << 8, 2, 0x78, 4);
	gen_wait(&g, 1000);
	gen_rec(&g, HV_REC_AGAIN, 0xe0, 0xffffff00, false, 0, NULL);
	gen_batch_end(&g, 0);
	finish(&g);
	read_lines(false);
	sees("2000 kvm_guest_exit VCPU 0: trap=SYSCALL pc=0x1000 msr=0x8000, ceded=0 lpid=3 tb=512001024 dar=0x0 dsisr=0x0"
	     " where=real mode MSR(EE)\n");
	sees(" kvm_hcall_enter VCPU 0: hcall=H_REMOVE GPR4-7=0x2,0x78,0x4,0x0 lpid=3 tb=512001024 flags=0x2 ptex=0x78 avpn=0x4\n");
	sees(" kvm_hcall_exit VCPU 0: ret=RESUME_GUEST hcall_rc=H_NOT_FOUND lpid=3 req=H_REMOVE tb=512001324 where=real mode\n");
	sees(" kvm_guest_enter VCPU 0: pc=0x1000 pexcp=0x0 ceded=0 lpid=3 tb=512001324 where=real mode out=0 ");
	sees(" kvm_hcall_enter VCPU 0: hcall=H_CEDE ");
	sees(" kvm_hcall_exit VCPU 0: ret=RESUME_GUEST hcall_rc=H_SUCCESS lpid=3 req=H_CEDE tb=528778751 where=real mode\n");
}

/* A batch of one CPU comes after a later one of another's. */
static void test_order_by_time(void **state)
{
	unsigned long long last = 0, now;
	struct gen g, late;
	char *line;

	(void)state;
	gen_start_batches(&g, false);
	late = g;
	late.nr_words = 0;
	for (int i = 0; i < 3; i++) {
		GEN_REC(&g, LEFT, 0x500, 0, 1, 2);
		gen_wait(&g, 1000);
	}
	gen_batch_end(&g, 0);
	g.cpu = 1;
	g.tb_now = late.tb_now + 100;
	for (int i = 0; i < 3; i++) {
		GEN_REC(&g, LEFT, 0x980, 0, 1, 2);
		gen_wait(&g, 1000);
	}
	gen_batch_end(&g, 1);
	gen_round(&g);
	finish(&g);
	read_lines(true);
	for (line = lines; *line; line = strchr(line, '\n') + 1) {
		now = strtoull(line, NULL, 10);
		assert_true(now >= last);
		last = now;
	}
	sees("VCPU 1: trap=HV_DECREMENTER");
	assert_true(strstr(lines, "VCPU 1") < strrchr(lines, 'V') - 100);
}

/* A recording that has both views is counted once. */
static void test_both_views(void **state)
{
	struct recording *r;
	struct gen g;

	(void)state;
	gen_start_batches(&g, false);
	GEN_REC(&g, ENTER, 0, 10, 0x3004);
	gen_wait(&g, 1000);
	GEN_REC(&g, LEFT, 0x500, 0, 1, 2);
	gen_batch_end(&g, 0);
	gen_exit(&g, 0, 0x500);
	finish(&g);
	r = recording_read(path, &HV_SELECT_ALL, NULL);
	assert_non_null(r);
	assert_int_equal(reason(&r->stats->vcpus[0]->exits, 0x500)->count, 1);
	assert_int_equal(r->reader->others, 1);
	recording_free(r);
}

/* Words that say what can't be: one line, no crash. */
static void test_damage(void **state)
{
	static const uint64_t heads[] = {
		0x0000, 0x0101, 0x0301, 0xff01, 0x0c000301, 0x0c000501, 0x0e000501, 0x0207, 0x0203, 0x0204, 0x100000203, 0x0205, 0x0206, 0x0281,
		0x0208,	/* as in which hypercall? */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		int saved = dup(STDERR_FILENO), log = memfd_create("stderr", 0);
		char text[256] = "";
		struct recording *r;
		struct gen g;

		gen_start_batches(&g, false);
		GEN_REC(&g, LEFT, 0x500, 0, 1, 2);
		g.words[g.nr_words++] = 1;
		g.words[g.nr_words++] = heads[i];
		if (heads[i] >> 16)
			g.words[g.nr_words++] = 1;
		gen_batch_end(&g, 0);
		finish(&g);
		dup2(log, STDERR_FILENO);
		r = recording_read(path, &HV_SELECT_ALL, NULL);
		dup2(saved, STDERR_FILENO);
		assert_true(pread(log, text, sizeof(text) - 1, 0) >= 0);
		if (r)
			fail_msg("head 0x%llx was taken", (unsigned long long)heads[i]);
		assert_non_null(strstr(text, "an event is not as its description says\n"));
		close(saved);
		close(log);
	}
}

/* A kind that a newer backend may have is passed over. */
static void test_unknown_kind(void **state)
{
	struct recording *r;
	struct gen g;

	(void)state;
	gen_start_batches(&g, false);
	gen_rec(&g, 15, 0, 0, false, 3, (uint64_t[]){ 1, 2, 3 });
	GEN_REC(&g, LEFT, 0x500, 0, 1, 2);
	gen_batch_end(&g, 0);
	finish(&g);
	r = recording_read(path, &HV_SELECT_ALL, NULL);
	assert_non_null(r);
	assert_int_equal(reason(&r->stats->vcpus[0]->exits, 0x500)->count, 1);
	recording_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_records_as_events),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_order_by_time),
		cmocka_unit_test(test_both_views),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_unknown_kind),
	};

	fd = memfd_create("recording", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
