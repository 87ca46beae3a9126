// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/onereg.c: every ONE_REG row of tracepoints/sprs.h, and the filters. */
#include "check.h"
#include "../../kvm-hv/hv.h"

u64 shim_cpu_features;
u32 hv_cpu;

static struct hv_vcpu hv;
static struct kvm vm;
static struct kvm_vcpu vcpu;
static u64 now;

u64 mftb(void)
{
	return now;
}

/* vpa.c has the rules, and tests of its own in a guest */
int hv_vpa_set_one_reg(struct kvm_vcpu *v, struct kvmppc_vpa *a, u64 gpa, u64 len)
{
	assert_ptr_equal(v, &vcpu);
	a->next_gpa = gpa;
	a->len = len;
	return 0;
}

/* irqchip.c, the same; as on a POWER9 here: all of it is kvm.ko's */
int hv_irqchip_get_vp(struct kvm_vcpu *v, union kvmppc_one_reg *val)
{
	(void)v;
	(void)val;
	return -EINVAL;
}

int hv_irqchip_set_vp(struct kvm_vcpu *v, const union kvmppc_one_reg *val)
{
	(void)v;
	(void)val;
	return -EINVAL;
}

int hv_irqchip_set_icp(struct kvm_vcpu *v, u64 icp)
{
	(void)v;
	(void)icp;
	return -EINVAL;
}

struct row {
	const char *name;
	int spr;
	u64 cpus, id;
	size_t size;	/* of its place in the vCPU */
};

/* HV_SPR and its two sisters have the same columns; the column WHO is dropped. */
#define ROW(name, num, cpus, who, place, one_reg)	{ #name, num, cpus, one_reg, sizeof(place) },
static const struct kvm_vcpu *const v;	/* for sizeof only */
static const struct row rows[] = {
#define HV_SPR		ROW
#define HV_SPR_PMU	ROW
#define HV_SPR_HELD	ROW
#include "sprs.h"
};
static const char *const pmu_rows[] = {
#define HV_SPR_PMU(name, ...)	#name,
#include "sprs.h"
};

static const u64 generations[] = { HV_P7, HV_P8, HV_P9, HV_P10 };

static void fresh(u64 cpu)
{
	memset(&vcpu, 0, sizeof(vcpu));
	memset(&hv, 0, sizeof(hv));
	vcpu.arch.vcore = &hv.vc;
	vcpu.kvm = &vm;
	hv_cpu = cpu;
	shim_cpu_features = cpu & HV_P9UP ? CPU_FTR_ARCH_300 : 0;
}

static int set(u64 id, u64 value)
{
	union kvmppc_one_reg val = { .dval = ~0ull };

	if (one_reg_size(id) == 4)
		val.wval = value;
	else
		val.dval = value;
	return hv_set_one_reg(&vcpu, id, &val);
}

static u64 get(u64 id)
{
	union kvmppc_one_reg val = { .dval = 0xdeadbeefdeadbeefull };

	assert_int_equal(hv_get_one_reg(&vcpu, id, &val), 0);
	return one_reg_size(id) == 4 ? val.wval : val.dval;
}

static u64 set_get(u64 id, u64 value)
{
	assert_int_equal(set(id, value), 0);
	return get(id);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(rows[i].cpus & ~(u64)HV_ALL, 0);
		assert_int_not_equal(rows[i].cpus, 0);
		assert_in_range(rows[i].spr, 1, 1023);
		for (size_t k = 0; k < i; k++)
			if (rows[i].spr == rows[k].spr || !strcmp(rows[i].name, rows[k].name) ||
			    (rows[i].id && rows[i].id == rows[k].id))
				fail_msg("%s and %s: same number, name or ONE_REG id", rows[i].name, rows[k].name);
	}
	/* it starts the counters: the others must have been loaded */
	assert_string_equal(pmu_rows[ARRAY_SIZE(pmu_rows) - 1], "MMCR0");
}

/* The low three bits stay clear: DAWRX[HYP] and CIABR[PRIV] have tests of their own; PSSCR has what is the guest's. */
static u64 pattern(const struct row *row, size_t i)
{
	u64 x = (0x9e3779b97f4a7c15ull * (i + 1)) & ~7ull;

	if (row->id == KVM_REG_PPC_PSSCR)
		return x & 0xf0000000000003ffull;
	return one_reg_size(row->id) == 4 || row->size == 4 ? x & 0xffffffff : x;
}

/* All are set before any is read: two rows with one place would show. What a processor lacks is kept, too. */
static void test_round_trip(void **state)
{
	(void)state;
	for (size_t g = 0; g < ARRAY_SIZE(generations); g++) {
		fresh(generations[g]);
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			if (rows[i].id)
				assert_int_equal(set(rows[i].id, pattern(&rows[i], i)), 0);
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			if (rows[i].id && get(rows[i].id) != pattern(&rows[i], i))
				fail_msg("%s: got 0x%llx, set 0x%llx", rows[i].name, get(rows[i].id), pattern(&rows[i], i));
	}
}

static void check_gen(u64 id, bool p7, bool p8, bool p9, bool p10)
{
	const bool want[] = { p7, p8, p9, p10 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t g = 0; rows[i].id == id && g < ARRAY_SIZE(generations); g++)
			assert_int_equal(!!(rows[i].cpus & generations[g]), want[g]);
}

/* From the processors' user's manuals and Power ISA, not from the list. */
static void test_generations(void **state)
{
	(void)state;
	check_gen(KVM_REG_PPC_DSCR,      1, 1, 1, 1);
	check_gen(KVM_REG_PPC_IAMR,      0, 1, 1, 1);
	check_gen(KVM_REG_PPC_TAR,       0, 1, 1, 1);
	check_gen(KVM_REG_PPC_WORT,      0, 1, 0, 0);
	check_gen(KVM_REG_PPC_TIDR,      0, 0, 1, 0);
	check_gen(KVM_REG_PPC_PSSCR,     0, 0, 1, 1);
	check_gen(KVM_REG_PPC_DAWR,      0, 1, 0, 1);	/* POWER9's is unsafe */
	check_gen(KVM_REG_PPC_DAWRX,     0, 1, 0, 1);
	check_gen(KVM_REG_PPC_DAWR1,     0, 0, 0, 1);
	check_gen(KVM_REG_PPC_MMCR3,     0, 0, 0, 1);
	check_gen(KVM_REG_PPC_DEXCR,     0, 0, 0, 1);
	check_gen(KVM_REG_PPC_HASHKEYR,  0, 0, 0, 1);
}

/* DAWRX: bit 61 matches in hypervisor state, 62 and 63 in the guest's kernel and user space. */
static void test_dawrx(void **state)
{
	(void)state;
	fresh(HV_P10);
	assert_int_equal(set_get(KVM_REG_PPC_DAWRX, 0xff), 0xfb);
	assert_int_equal(set_get(KVM_REG_PPC_DAWRX1, ~0ull), ~4ull);
	assert_int_equal(set_get(KVM_REG_PPC_DAWRX, 4), 0);
	assert_int_equal(set_get(KVM_REG_PPC_DAWRX, 3), 3);
	assert_int_equal(get(KVM_REG_PPC_DAWRX1), ~4ull);
	fresh(HV_P8);
	assert_int_equal(set_get(KVM_REG_PPC_DAWRX, 0xff), 0xfb);
}

/* CIABR bits 62:63: 0 off, 1 user, 2 kernel, 3 hypervisor. */
static void test_ciabr(void **state)
{
	(void)state;
	for (size_t g = 1; g < ARRAY_SIZE(generations); g++) {
		fresh(generations[g]);
		assert_int_equal(set_get(KVM_REG_PPC_CIABR, 0x10001003), 0x10001000);
		assert_int_equal(set_get(KVM_REG_PPC_CIABR, 0x10001002), 0x10001002);
		assert_int_equal(set_get(KVM_REG_PPC_CIABR, 0x10001001), 0x10001001);
		assert_int_equal(set_get(KVM_REG_PPC_CIABR, 0x10001000), 0x10001000);
	}
}

static void test_dpdes(void **state)
{
	(void)state;
	fresh(HV_P9);
	assert_int_equal(set_get(KVM_REG_PPC_DPDES, 0xff), 1);	/* one thread */
	assert_int_equal(hv.vc.dpdes, 1);
	assert_int_equal(set_get(KVM_REG_PPC_DPDES, 0xfe), 0);
}

static void test_lpcr(void **state)
{
	const u64 ile = 0x2000000, ld = 0x20000, tc = 0x200, ail3 = 0x1800000, dpfd = 7ull << 52, ours = 0x4000000000040c0dull;
	static const u64 ids[] = { KVM_REG_PPC_LPCR, KVM_REG_PPC_LPCR_64 };

	(void)state;
	for (size_t g = 0; g < ARRAY_SIZE(generations); g++) for (size_t k = 0; k < 2; k++) {
		u64 guest = ile | tc | ail3 | (generations[g] & HV_P9UP ? ld : 0) | (k ? dpfd : 0);

		fresh(generations[g]);
		hv.vc.lpcr = ours;
		vcpu.arch.intr_msr = 1ull << 63;
		assert_int_equal(set(ids[k], ~0ull), 0);
		assert_int_equal(hv.vc.lpcr, ours | guest);
		assert_int_equal(vcpu.arch.intr_msr, 1ull << 63 | 1);	/* its interrupts are little endian */
		assert_int_equal(get(KVM_REG_PPC_LPCR_64), ours | guest);
		assert_int_equal(get(KVM_REG_PPC_LPCR), (u32)(ours | guest));
		assert_int_equal(set(ids[k], 0x1000000), 0);	/* AIL 2 is nothing we inject at */
		assert_int_equal(hv.vc.lpcr, ours);
		assert_int_equal(vcpu.arch.intr_msr, 1ull << 63);
	}
}

/* PCR for each logical PVR (PAPR) on each host; -1: newer than the host. */
static void test_arch_compat(void **state)
{
	static const u32 pvr[] = { 0, 0x0f000002, 0x0f000003, 0x0f100003, 0x0f000004, 0x0f000005, 0x0f000006, 0x0f000007 };
	/* 0x10 switches off what v3.1 brought, 0x8 v3.0, 0x4 v2.07, 0x2 v2.06; all above go with it */
	static const int pcr[4][8] = {
		/* native    205   206  206+   207   300   31 31 (P11) */
		{ 0,      0x02, 0x00, 0x00,   -1,   -1,  -1,  -1 },
		{ 0,      0x06, 0x04, 0x04, 0x00,   -1,  -1,  -1 },
		{ 0,      0x0e, 0x0c, 0x0c, 0x08, 0x00,  -1,  -1 },
		{ 0,      0x1e, 0x1c, 0x1c, 0x18, 0x10,   0,   0 },
	};
	const u64 reserved = 0x0fffffffffffffe1ull;

	(void)state;
	for (int g = 0; g < 4; g++) for (int k = 0; k < 8; k++) {
		u64 set_bits = generations[g] == HV_P7 ? 0 : reserved;

		fresh(generations[g]);
		hv.vc.pcr = 0x55;
		hv.vc.arch_compat = 0x77;
		assert_int_equal(set(KVM_REG_PPC_ARCH_COMPAT, pvr[k]), pcr[g][k] < 0 ? -EINVAL : 0);
		assert_int_equal(hv.vc.pcr, pcr[g][k] < 0 ? 0x55 : set_bits | pcr[g][k]);
		assert_int_equal(get(KVM_REG_PPC_ARCH_COMPAT), pcr[g][k] < 0 ? 0x77 : pvr[k]);
		/* not logical PVRs: a real one, the one before and after the list */
		assert_int_equal(set(KVM_REG_PPC_ARCH_COMPAT, 0x004e1200), -EINVAL);
		assert_int_equal(set(KVM_REG_PPC_ARCH_COMPAT, 0x0f000001), -EINVAL);
		assert_int_equal(set(KVM_REG_PPC_ARCH_COMPAT, 0x0f000008), -EINVAL);
	}
}

/* TBU40 holds the upper 40 bits: a guest's time may jump ahead to the next unit, never back. */
static void test_tb_offset(void **state)
{
	(void)state;
	fresh(HV_P9);
	assert_int_equal(set_get(KVM_REG_PPC_TB_OFFSET, 0), 0);
	assert_int_equal(set_get(KVM_REG_PPC_TB_OFFSET, 1), 0x1000000);
	assert_int_equal(set_get(KVM_REG_PPC_TB_OFFSET, 0x1000000), 0x1000000);
	assert_int_equal(set_get(KVM_REG_PPC_TB_OFFSET, 0x1000001), 0x2000000);
	assert_int_equal(set_get(KVM_REG_PPC_TB_OFFSET, 0xfedcba9876543210ull), 0xfedcba9877000000ull);
	assert_int_equal(set_get(KVM_REG_PPC_TB_OFFSET, ~0ull), 0);	/* wraps, as time does */
	assert_int_equal(hv.vc.tb_offset, 0);
	/* from migration, without DEC_EXPIRY: the decrementer is due */
	fresh(HV_P9);
	now = 5000;
	assert_int_equal(set(KVM_REG_PPC_TB_OFFSET, 0x1000000), 0);
	assert_int_equal(get(KVM_REG_PPC_DEC_EXPIRY), 0x1000000 + 5000);
	/* the same time once more changes nothing; another one, and it is due then */
	assert_int_equal(set(KVM_REG_PPC_DEC_EXPIRY, 0x123456789), 0);
	assert_int_equal(set(KVM_REG_PPC_TB_OFFSET, 0x1000000), 0);
	assert_int_equal(get(KVM_REG_PPC_DEC_EXPIRY), 0x123456789);
	assert_int_equal(set(KVM_REG_PPC_TB_OFFSET, 0x3000000), 0);
	assert_int_equal(get(KVM_REG_PPC_DEC_EXPIRY), 0x3000000 + 5000);
}

/* PSSCR: only what a guest's mtspr could set (v3.1B III, PSSCR), whoever asks. */
static void test_psscr(void **state)
{
	(void)state;
	fresh(HV_P9);
	assert_int_equal(set_get(KVM_REG_PPC_PSSCR, ~0ull), 0xf0000000000003ffull);
}

static void test_areas(void **state)
{
	static const u64 ids[] = { KVM_REG_PPC_VPA_SLB, KVM_REG_PPC_VPA_DTL };
	struct kvmppc_vpa *area[] = { &vcpu.arch.slb_shadow, &vcpu.arch.dtl };

	(void)state;
	fresh(HV_P9);
	for (int i = 0; i < 2; i++) {
		union kvmppc_one_reg val = { .vpaval = { 0x10080, 0x600 } };

		assert_int_equal(hv_set_one_reg(&vcpu, ids[i], &val), 0);
		assert_int_equal(area[i]->next_gpa, 0x10080);
		memset(&val, 0, sizeof(val));
		assert_int_equal(hv_get_one_reg(&vcpu, ids[i], &val), 0);
		assert_int_equal(val.vpaval.addr, 0x10080);
		assert_int_equal(val.vpaval.length, 0x600);
	}
	assert_int_equal(set_get(KVM_REG_PPC_VPA_ADDR, 0x20000), 0x20000);
	assert_int_equal(vcpu.arch.vpa.len, 640);
}

/* What no processor of ours has, or no guest of ours uses, is kept for the VMM. */
static void test_kept(void **state)
{
	(void)state;
	fresh(HV_P9);
	assert_int_equal(set_get(KVM_REG_PPC_DABR, 0x12345678), 0x12345678);
	assert_int_equal(set_get(KVM_REG_PPC_DABRX, 0xf), 0xb);	/* no match in hypervisor state */
	assert_int_equal(set_get(KVM_REG_PPC_PMC7, 7), 7);
	assert_int_equal(set_get(KVM_REG_PPC_PMC8, 8), 8);
	assert_int_equal(set_get(KVM_REG_PPC_PTCR, 0x1000), 0x1000);
	assert_int_equal(get(KVM_REG_PPC_DEBUG_INST), 0xdddd00);
	assert_int_equal(set(KVM_REG_PPC_DEBUG_INST, 1), -EINVAL);
}

static void test_others(void **state)
{
	union kvmppc_one_reg val = { .dval = 0 };

	(void)state;
	fresh(HV_P9);
	assert_int_equal(set_get(KVM_REG_PPC_DEC_EXPIRY, 0x123456789abcdefull), 0x123456789abcdefull);
	assert_int_equal(set_get(KVM_REG_PPC_ONLINE, 0x100), 1);
	assert_int_equal(set_get(KVM_REG_PPC_ONLINE, 0), 0);
	assert_int_equal(set_get(KVM_REG_PPC_HIOR, 0), 0);
	assert_int_equal(set(KVM_REG_PPC_HIOR, 0x1000), -EINVAL);	/* POWER has none */
	/* 0 marks a row without id; another architecture's register; FPR0, which is kvm.ko's, as interrupt controllers are */
	static const u64 foreign[] = {
		0, 0x6030000000100000ull, 0x1030000000000020ull, KVM_REG_PPC_ICP_STATE, KVM_REG_PPC_VP_STATE,
	};
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
		struct kvm_vcpu before = vcpu;

		assert_int_equal(hv_set_one_reg(&vcpu, foreign[i], &val), -EINVAL);
		assert_int_equal(hv_get_one_reg(&vcpu, foreign[i], &val), -EINVAL);
		assert_memory_equal(&vcpu, &before, sizeof(vcpu));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_generations),
		cmocka_unit_test(test_dawrx),
		cmocka_unit_test(test_ciabr),
		cmocka_unit_test(test_dpdes),
		cmocka_unit_test(test_lpcr),
		cmocka_unit_test(test_arch_compat),
		cmocka_unit_test(test_tb_offset),
		cmocka_unit_test(test_psscr),
		cmocka_unit_test(test_areas),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
