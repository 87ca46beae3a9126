// SPDX-License-Identifier: GPL-2.0
/* The plug-in as perf and trace-cmd use it: found in its folder, loaded by libtraceevent, printing raw events. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>
#include "check.h"
#include "records.h"

/* libtraceevent (1.7) keeps what it parsed of a format when it frees the handle. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libtraceevent";
}

static struct tep_handle *tep;
static struct tep_plugin_list *plugins;

#define COMMON "format:\n" \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
#define F(type, name, offset, size, sign) \
	"\tfield:" type " " name ";\toffset:" #offset ";\tsize:" #size ";\tsigned:" #sign ";\n"

static const char *const formats[] = {
	"name: kvm_guest_exit\nID: 1\n" COMMON F("int", "vcpu_id", 8, 4, 1) F("int", "trap", 12, 4, 1)
		F("unsigned long", "pc", 16, 8, 0) F("unsigned long", "msr", 24, 8, 0) F("u8", "ceded", 32, 1, 0)
		F("u32", "lpid", 36, 4, 0) F("u64", "tb", 40, 8, 0) F("u64", "dar", 48, 8, 0)
		F("u32", "dsisr", 56, 4, 0) "\nprint fmt: \"plain\"\n",
	"name: kvm_hcall_enter\nID: 2\n" COMMON F("int", "vcpu_id", 8, 4, 1) F("unsigned long", "req", 16, 8, 0)
		F("unsigned long", "gpr4", 24, 8, 0) F("unsigned long", "gpr5", 32, 8, 0)
		F("unsigned long", "gpr6", 40, 8, 0) F("unsigned long", "gpr7", 48, 8, 0) "\nprint fmt: \"plain\"\n",
	"name: kvm_hcall_exit\nID: 3\n" COMMON F("int", "vcpu_id", 8, 4, 1) F("unsigned long", "ret", 16, 8, 0)
		F("unsigned long", "hcall_rc", 24, 8, 0) "\nprint fmt: \"plain\"\n",
	"name: kvm_partition_switch\nID: 4\n" COMMON F("int", "vcpu_id", 8, 4, 1) F("u8", "to_guest", 12, 1, 0)
		F("u32", "from_lpid", 16, 4, 0) F("u32", "to_lpid", 20, 4, 0) F("u64", "tb_start", 24, 8, 0)
		F("u64", "tb_end", 32, 8, 0) "\nprint fmt: \"plain\"\n",
	"name: kvm_records\nID: 5\n" COMMON F("int", "vcpu_id", 8, 4, 1) F("u32", "lpid", 12, 4, 0)
		F("int", "pid", 16, 4, 1) F("int", "tid", 20, 4, 1) F("__data_loc u64[]", "words", 24, 4, 1)
		"\nprint fmt: \"plain\"\n",
};

/* Raw bytes of an event: 64-bit words from offset 8 on. */
static const char *printed(int id, size_t size, const uint64_t *words)
{
	static char text[2048];
	char raw[128] = { 0 };
	struct tep_record record = { .data = raw, .size = size };
	struct trace_seq s;

	raw[0] = id;
	memcpy(raw + 8, words, size - 8);
	trace_seq_init(&s);
	tep_print_event(tep, &s, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&s);
	snprintf(text, sizeof(text), "%s", s.buffer);
	trace_seq_destroy(&s);
	return text;
}

static void test_exit(void **state)
{
	(void)state;
	/* The start is what the kernel's own TP_printk prints. */
	assert_string_equal(printed(1, 60, (uint64_t[]){ 3 | 0xe00ull << 32, 0xc000000000001234,
			0x8000000000009033, 1 | 5ull << 32, 99, 0xbeef, 0x42000000 }),
		"VCPU 3: trap=H_DATA_STORAGE pc=0xc000000000001234 msr=0x8000000000009033, ceded=1"
		" lpid=5 tb=99 dar=0xbeef dsisr=0x42000000(NOT_MAPPED|STORE) MSR(SF|EE|ME|IR|DR|RI|LE)");
	/* A cut record shows the fields that it still has. */
	assert_non_null(strstr(printed(1, 16, (uint64_t[]){ 3 | 0xe00ull << 32 }), "trap=H_DATA_STORAGE pc=0x0 "));
}

static void test_hcalls(void **state)
{
	(void)state;
	assert_string_equal(printed(2, 56, (uint64_t[]){ 1, 0x8, 0x80, 0x1230, 0x11, 0x22 }),
		"VCPU 1: hcall=H_ENTER GPR4-7=0x80,0x1230,0x11,0x22 flags=0x80 ptex=0x1230 pteh=0x11 ptel=0x22");
	assert_string_equal(printed(2, 56, (uint64_t[]){ 1, 0xe0, 1, 2, 3, 4 }),
		"VCPU 1: hcall=H_CEDE GPR4-7=0x1,0x2,0x3,0x4");
	assert_string_equal(printed(2, 56, (uint64_t[]){ 1, 0xf7fc, 1, 2, 3, 4 }),
		"VCPU 1: hcall=0xf7fc GPR4-7=0x1,0x2,0x3,0x4");
	assert_string_equal(printed(3, 32, (uint64_t[]){ 1, 0, -4 }),
		"VCPU 1: ret=RESUME_GUEST hcall_rc=H_PARAMETER");
	assert_string_equal(printed(3, 32, (uint64_t[]){ 1, 2, 0 }),
		"VCPU 1: ret=RESUME_HOST hcall_rc=H_TOO_HARD");
}

static void test_switch(void **state)
{
	(void)state;
	assert_string_equal(printed(4, 40, (uint64_t[]){ 1ull << 32, 7ull << 32, 1000, 1234 }),
		"VCPU 0: to guest lpid 0 -> 7 tb_start=1000 tb_end=1234 ticks=234");
}

/* One line for all, then one per event that the words stand for. */
static void test_batch(void **state)
{
	uint64_t words[] = { 2 | 7ull << 32, 70 | 71ull << 32, 32 | 6ull * 8 << 16,
		1000, HV_REC_LEFT | 6 << 8 | 0xe00ull << 16 | 50ull << 32, 0x1234, 0x8000000000001000, 0xbeef, 0x40000000 };

	(void)state;
	assert_string_equal(printed(5, 80, words), "VCPU 2: lpid=7 pid=70 tid=71 words=6"
		"\n\tkvm_guest_exit: VCPU 2: trap=H_DATA_STORAGE pc=0x1234 msr=0x8000000000001000, ceded=0 lpid=7 tb=1000"
		" dar=0xbeef dsisr=0x40000000(NOT_MAPPED) where=module MSR(SF|ME)"
		"\n\tkvm_partition_switch: VCPU 2: to host lpid 7 -> 0 tb_start=1000 tb_end=1050 ticks=50");
	words[4] |= 9 << 8;
	assert_non_null(strstr(printed(5, 80, words), "words=6\n\tdamaged from here on"));
	words[2] |= 1ull << 31;
	assert_string_equal(printed(5, 80, words), "damaged: its words are not in it");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exit),
		cmocka_unit_test(test_hcalls),
		cmocka_unit_test(test_switch),
		cmocka_unit_test(test_batch),
	};
	int ret;

	if (argc != 2)
		return 1;
	*strrchr(argv[1], '/') = '\0';
	setenv("TRACEEVENT_PLUGIN_DIR", argv[1], 1);
	tep = tep_alloc();
	plugins = tep_load_plugins(tep);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (tep_parse_event(tep, formats[i], strlen(formats[i]), "kvm_hv"))
			return 1;
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	tep_unload_plugins(plugins, tep);
	tep_free(tep);
	return ret;
}
