// SPDX-License-Identifier: GPL-2.0
/* kvm-hv/vpa.c: no address of a page is kept that a notifier would not find. */
#include "check.h"
#include <linux/mm.h>
#include <asm/lppaca.h>
#include "../../kvm-hv/hv.h"

#define GPA	0x230080ul
#define GFN	(GPA >> PAGE_SHIFT)
#define HVA	0x700000000000ul

static struct kvm kvm;
static struct hv_vcpu hv[2];
static struct kvm_vcpu vcpus[2];
static struct { u8 bytes[PAGE_SIZE]; } __attribute__((aligned(128))) host;	/* the page behind GPA */
static int refs, found;

unsigned long gfn_to_hva(struct kvm *k, gfn_t gfn)
{
	assert_ptr_equal(k, &kvm);
	return HVA + (gfn << PAGE_SHIFT);
}

bool kvm_is_error_hva(unsigned long hva)
{
	return hva < HVA;
}

int get_user_pages_fast(unsigned long start, int n, unsigned int flags, struct page **pages)
{
	assert_int_equal(start, HVA + (GFN << PAGE_SHIFT));
	assert_int_equal(n, 1);
	assert_int_equal(flags, FOLL_WRITE);
	*pages = (struct page *)&host;
	refs++;
	found++;
	return 1;
}

int set_page_dirty_lock(struct page *page)
{
	assert_ptr_equal(page, &host);
	return 1;
}

void put_page(struct page *page)
{
	assert_ptr_equal(page, &host);
	refs--;
}

void *page_address(const struct page *page)
{
	return (void *)page;
}

int kvm_read_guest(struct kvm *k, gpa_t gpa, void *data, unsigned long len)
{
	assert_int_equal(gpa, GPA);
	memcpy(data, host.bytes + offset_in_page(GPA), len);
	return 0;
}

void mark_page_dirty(struct kvm *k, gfn_t gfn)
{
	assert_int_equal(gfn, GFN);
}

u64 mftb(void)
{
	return 0;
}

bool hv_slb_entry_ok(u64 slbe, u64 slbv)
{
	return true;
}

static int setup(void **state)
{
	memset(&kvm, 0, sizeof(kvm));
	memset(hv, 0, sizeof(hv));
	memset(vcpus, 0, sizeof(vcpus));
	memset(&host, 0, sizeof(host));
	refs = found = 0;
	for (int i = 0; i < 2; i++) {
		kvm.vcpus[i] = &vcpus[i];
		vcpus[i].kvm = &kvm;
		vcpus[i].vcpu_id = vcpus[i].vcpu_idx = i;
		vcpus[i].arch.vcore = &hv[i].vc;
	}
	return 0;
}

static void invalidate(void)
{
	spin_lock(&kvm.mmu_lock);
	hv_vpa_invalidate(&kvm, GFN, GFN + 1);
	kvm.mmu_invalidate_seq++;
	spin_unlock(&kvm.mmu_lock);
}

/* KVM_RUN of the second vCPU while KVM_CREATE_VCPU has made its descriptor and no more (kvm_vm_ioctl_create_vcpu) */
static void test_before_online(void **state)
{
	struct kvmppc_vpa *vpa = &vcpus[1].arch.vpa;

	kvm.online_vcpus.counter = 1;
	assert_int_equal(hv_vpa_set_one_reg(&vcpus[1], vpa, GPA, sizeof(struct lppaca)), 0);
	for (int i = 0; i < 3; i++) {
		assert_true(hv[1].vpa_stale);
		hv_vpa_refresh(&vcpus[1]);
		assert_null(vpa->pinned_addr);
		assert_int_equal(found, 0);
	}
	assert_true(hv[1].vpa_stale);
	kvm.online_vcpus.counter = 2;
	hv_vpa_refresh(&vcpus[1]);
	assert_false(hv[1].vpa_stale);
	assert_ptr_equal(vpa->pinned_addr, host.bytes + offset_in_page(GPA));
	assert_int_equal(found, 1);
	assert_int_equal(refs, 0);
	invalidate();
	assert_null(vpa->pinned_addr);
	assert_true(hv[1].vpa_stale);
}

/* All three, for a vCPU that is online; what is gone is looked up again. */
static void test_refresh(void **state)
{
	struct kvm_vcpu *v = &vcpus[0];
	struct kvmppc_vpa *area[] = { &v->arch.vpa, &v->arch.dtl, &v->arch.slb_shadow };

	kvm.online_vcpus.counter = 1;
	for (int i = 0; i < 3; i++)
		assert_int_equal(hv_vpa_set_one_reg(v, area[i], GPA, sizeof(struct lppaca)), 0);
	for (int n = 1; n < 4; n++) {
		hv_vpa_refresh(v);
		assert_false(hv[0].vpa_stale);
		for (int i = 0; i < 3; i++)
			assert_ptr_equal(area[i]->pinned_addr, host.bytes + offset_in_page(GPA));
		hv_vpa_refresh(v);
		assert_int_equal(found, 3 * n);
		invalidate();
		for (int i = 0; i < 3; i++)
			assert_null(area[i]->pinned_addr);
	}
	assert_int_equal(refs, 0);
	assert_int_equal(kvm.srcu, 0);
	assert_int_equal(kvm.mmu_lock.rlock.raw_lock.held, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_before_online, setup),
		cmocka_unit_test_setup(test_refresh, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
