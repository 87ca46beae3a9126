// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/layout.c: a kernel whose structures lie elsewhere is noticed. hv.h: so is a processor that can't have HPT guests. */
#include "check.h"
#include <asm/paca.h>
#include "../../kvm-hv/hv.h"

static u32 text[HV_ENTRY_WORDS];
static const int place[] = { 3, 17, 40, HV_ENTRY_WORDS - 1 };

/* std r1,X(r13); ld r4,X(r3); ld r31,X(r3); ld r1,X(r3), encoded by hand */
static void fill(void)
{
	for (int i = 0; i < HV_ENTRY_WORDS; i++)
		text[i] = 0x60000000;
	text[place[0]] = 0xf82d0000 | offsetof(struct paca_struct, kvm_hstate.host_r1);
	text[place[1]] = 0xe8830000 | offsetof(struct kvm_vcpu, arch.regs.link);
	text[place[2]] = 0xebe30000 | offsetof(struct kvm_vcpu, arch.regs.gpr[31]);
	text[place[3]] = 0xe8230000 | offsetof(struct kvm_vcpu, arch.regs.ccr);
}

static void test_match(void **state)
{
	(void)state;
	fill();
	assert_true(hv_layout_matches(text));
}

static void test_each_offset(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		for (int by = -8; by <= 8; by += 16) {
			fill();
			text[place[i]] += by;
			assert_false(hv_layout_matches(text));
		}
}

static void test_hpt_possible(void **state)
{
	static const struct {
		u32 pvr;
		bool on_radix;
	} cpus[] = {
		{ 0x004e0200, false }, { 0x004e0201, false }, { 0x004e0202, true }, { 0x004e0203, true },
		{ 0x004e1200, false }, { 0x004e1201, false }, { 0x004e1202, true }, { 0x004e1203, true },	/* 12 cores */
		{ 0x004e0100, false }, { 0x004e1fff, true },
		{ 0x004e2100, false }, { 0x004e3100, false }, { 0x004e2101, true }, { 0x004e3101, true },	/* Cumulus */
		{ 0x004e4100, true }, { 0x004e8000, true },
		{ 0x004d0200, true }, { 0x004b0201, true }, { 0x003f0201, true },	/* POWER8, POWER8E, POWER7 */
		{ 0x00800100, true }, { 0x00801200, true }, { 0x00820100, true },	/* POWER10, POWER11 */
	};

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(cpus); i++) {
		assert_int_equal(hv_hpt_possible(cpus[i].pvr, true), cpus[i].on_radix);
		assert_true(hv_hpt_possible(cpus[i].pvr, false));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_each_offset),
		cmocka_unit_test(test_hpt_possible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
