// SPDX-License-Identifier: GPL-2.0
/*
 * A vCPU's life, kicks, and the segment registers ioctl.
 */
#include <linux/slab.h>
#include <linux/smp.h>
#include <trace/events/ipi.h>
#include <asm/mmu.h>
#include <asm/paca.h>
#include <asm/reg.h>
#include "hv.h"

extern void kvmppc_p9_enter_guest(struct kvm_vcpu *vcpu);

/*
 * Facilities a guest may use. What is left out traps as hypervisor facility
 * unavailable: transactional memory (its state can't be switched from a
 * module), msgsndp (it would reach siblings), BHRB (it holds host addresses).
 */
static u64 guest_hfscr(void)
{
	u64 hfscr = HFSCR_TAR | HFSCR_EBB | HFSCR_DSCR | HFSCR_VECVSX | HFSCR_FP | HFSCR_PM;

	if (!(hv_cpu & HV_P8UP))
		return 0;
	if (hv_cpu == HV_P10)
		hfscr |= HFSCR_PREFIX;
	return hfscr & mfspr(SPRN_HFSCR);
}

static void init_rm_ctx(struct hv_vcpu *hv, struct kvm_vcpu *vcpu)
{
	struct hv_rm_ctx *c = &hv->rm;

	c->enter_guest = kvmppc_p9_enter_guest;
	c->vcpu = vcpu;
	c->cpu = hv_cpu;
	c->tlb_sets = hv_cpu == HV_P10 ? 1 : hv_cpu == HV_P9 ? POWER9_TLB_SETS_HASH :
		      hv_cpu == HV_P8 ? POWER8_TLB_SETS : POWER7_TLB_SETS;
	c->host_lpcr = vcpu->kvm->arch.host_lpcr;
	c->host_sdr1 = vcpu->kvm->arch.host_sdr1;
	c->lpid = vcpu->kvm->arch.lpid;
	c->pacas = paca_ptrs;
	c->tables = hv_tables;
	c->missed.index = -1;
}

int hv_vcpu_create(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;
	struct hv_vcpu *hv;

	/* Before v3.0 HFSCR does not withhold msgsndp: it would ring the core's own siblings. */
	if (!hv_isa300() && vcpu->vcpu_id & (kvm->arch.emul_smt_mode - 1)) {
		pr_err_ratelimited("before POWER9 a guest's core has one thread only: start the guest with threads=1\n");
		return -EINVAL;
	}
	hv = kzalloc(sizeof(*hv), GFP_KERNEL_ACCOUNT);
	if (!hv)
		return -ENOMEM;
	hv->counts = hv_counts_alloc();
	if (!hv->counts) {
		kfree(hv);
		return -ENOMEM;
	}
	hv->phase.noted = true;		/* so that the first entry is, as well */
	hv->last_cpu = hv->ring_cpu = -1;
	hv->vc.kvm = kvm;
	hv->vc.first_vcpuid = vcpu->vcpu_id;
	hv->vc.num_threads = 1;
	hv->vc.lpcr = kvm->arch.lpcr;
	if (hv_cpu & HV_P8UP)
		hv->vc.pcr = PCR_MASK;
	spin_lock_init(&hv->vc.lock);
	spin_lock_init(&hv->vc.stoltb_lock);
	rcuwait_init(&hv->vc.wait);
	init_rm_ctx(hv, vcpu);

	vcpu->arch.vcore = &hv->vc;
	vcpu->arch.shared = &vcpu->arch.shregs;
#ifdef CONFIG_KVM_BOOK3S_PR_POSSIBLE
	vcpu->arch.shared_big_endian = IS_ENABLED(CONFIG_CPU_BIG_ENDIAN);
#endif
	vcpu->arch.cpu_type = KVM_CPU_3S_64;
	vcpu->arch.pvr = mfspr(SPRN_PVR);
	vcpu->arch.shregs.msr = MSR_ME;
	vcpu->arch.intr_msr = MSR_SF | MSR_ME;
	vcpu->arch.hfscr = guest_hfscr();
	vcpu->arch.hfscr_permitted = vcpu->arch.hfscr;
	vcpu->arch.ctrl = CTRL_RUNLATCH;
	vcpu->arch.mmcr[0] = MMCR0_FC;
	if (hv_cpu == HV_P10) {
		vcpu->arch.mmcr[0] |= MMCR0_PMCCEXT;
		vcpu->arch.mmcra = MMCRA_BHRB_DISABLE;
	}
	vcpu->arch.slb_nr = HV_SLB_ENTRIES;
	vcpu->arch.hflags |= BOOK3S_HFLAG_SLB;
	vcpu->arch.mmu.xlate = hv_mmu_xlate;
	vcpu->arch.thread_cpu = -1;
	vcpu->arch.prev_cpu = -1;
	spin_lock_init(&vcpu->arch.vpa_update_lock);
	spin_lock_init(&vcpu->arch.tbacct_lock);
	init_waitqueue_head(&vcpu->arch.cpu_run);
	vcpu->arch.state = KVMPPC_VCPU_NOTREADY;
	vcpu->arch.busy_preempt = TB_NIL;
	kvmppc_sanity_check(vcpu);
	hv->counts->sum.lpid = kvm->arch.lpid;
	hv->counts->sum.vcpu_id = vcpu->vcpu_id;
	hv->counts->rm = &hv->rm;
	hv_device_add(hv->counts);
	return 0;
}

void hv_vcpu_free(struct kvm_vcpu *vcpu)
{
	hv_records_last(vcpu);
	hv_device_del(to_hv_vcpu(vcpu)->counts);
	kfree(to_hv_vcpu(vcpu));
	vcpu->arch.vcore = NULL;
}

static int list_by_id(struct hv_vm *vm, struct kvm_vcpu *v)
{
	struct kvm_vcpu ***at = &vm->vcpus[v->vcpu_id / HV_VCPU_PART], **part = *at;

	if (!part) {
		part = kcalloc(HV_VCPU_PART, sizeof(*part), GFP_KERNEL_ACCOUNT);
		if (!part)
			return -ENOMEM;
		smp_store_release(at, part);	/* hv_vcpu_of() looks without a lock: not before it is zeroed */
	}
	WRITE_ONCE(part[v->vcpu_id % HV_VCPU_PART], v);
	return 0;
}

/*
 * Makes vCPUs known to the image. kvm's table is only appended to, under its own
 * lock; ours follow before a vCPU's first run. -ENOMEM
 */
int hv_vcpus_publish(struct kvm *kvm)
{
	struct hv_vm *vm = to_hv_vm(kvm);
	u32 n = atomic_read(&kvm->online_vcpus);
	struct kvm_vcpu *v;
	unsigned long i;
	int err = 0;

	if (READ_ONCE(vm->nr_vcpus) >= n)
		return 0;
	if (mutex_lock_killable(&vm->setup_lock))
		return -EINTR;
	for (i = vm->nr_vcpus; i < n && !err; i++) {
		v = kvm_get_vcpu(kvm, i);
		if (!v)
			break;
		err = list_by_id(vm, v);
		if (err)
			break;
	}
	WRITE_ONCE(vm->nr_vcpus, i);
	mutex_unlock(&vm->setup_lock);
	return err;
}

/* vCPUs that lost their CPU while they had work: H_CONFER asks for the number. Preempt notifiers, too. */
void hv_vcpu_put(struct kvm_vcpu *vcpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);

	if (vcpu->arch.state == KVMPPC_VCPU_BUSY_IN_HOST) {
		hv_math_out(vcpu, ~0ul);
		hv_steal_begin(vcpu);
		if (hv_listening() && READ_ONCE(vcpu->scheduled_out))
			hv_records_leave();
	}
	if (READ_ONCE(vcpu->preempted)) {
		hv->waiting = true;
		atomic_inc(&to_hv_vm(vcpu->kvm)->waiting);
	}
}

void hv_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct hv_vcpu *hv = to_hv_vcpu(vcpu);

	if (vcpu->arch.state == KVMPPC_VCPU_BUSY_IN_HOST)
		hv_math_back(vcpu);
	hv_steal_end(vcpu);
	if (hv->waiting) {
		hv->waiting = false;
		atomic_dec(&to_hv_vm(vcpu->kvm)->waiting);
	}
}

/* Wakes the vCPU if it waits, and gets it out of the guest if it runs. Any context. */
void hv_vcpu_kick(struct kvm_vcpu *vcpu)
{
	int cpu;

	if (rcuwait_wake_up(kvm_arch_vcpu_get_wait(vcpu)))
		vcpu->stat.generic.halt_wakeup++;
	/* Pairs with the barrier in hv_vcpu_run's entry: either we see its CPU, or it sees our request. */
	smp_mb();
	cpu = READ_ONCE(vcpu->arch.thread_cpu);
	if (cpu >= 0 && cpu != raw_smp_processor_id() && cpu_online(cpu))
		smp_send_reschedule(cpu);
}

int hv_vcpu_get_sregs(struct kvm_vcpu *vcpu, struct kvm_sregs *sregs)
{
	int i;

	memset(sregs, 0, sizeof(*sregs));
	sregs->pvr = vcpu->arch.pvr;
	for (i = 0; i < vcpu->arch.slb_max; i++) {
		sregs->u.s.ppc64.slb[i].slbe = vcpu->arch.slb[i].orige;
		sregs->u.s.ppc64.slb[i].slbv = vcpu->arch.slb[i].origv;
	}
	return 0;
}

/*
 * Can slbmte take it? An index that the processor lacks, a reserved bit, segment
 * or page size is undefined at best, and QEMU's processors answer with a program
 * interrupt, which the image can't take.
 */
bool hv_slb_entry_ok(u64 slbe, u64 slbv)
{
	u64 b = slbv & SLB_VSID_B, llp = slbv & SLB_VSID_LLP;

	return (slbe & 0xfff) < HV_SLB_ENTRIES && !(slbe & ~(ESID_MASK | SLB_ESID_V | 0xfff)) &&
	       (b == SLB_VSID_B_256M || b == SLB_VSID_B_1T) &&
	       (llp == 0 || (llp & SLB_VSID_L && llp != (SLB_VSID_L | SLB_VSID_LP_11)));
}

/* A guest runs on the processor as it is: no other PVR. */
int hv_vcpu_set_sregs(struct kvm_vcpu *vcpu, struct kvm_sregs *sregs)
{
	u64 slbe, slbv;
	int i, n = 0;

	if (sregs->pvr != vcpu->arch.pvr)
		return -EINVAL;
	for (i = 0; i < vcpu->arch.slb_nr; i++) {
		slbe = sregs->u.s.ppc64.slb[i].slbe;
		slbv = sregs->u.s.ppc64.slb[i].slbv;
		if ((slbe & SLB_ESID_V) && !hv_slb_entry_ok(slbe, slbv))
			return -EINVAL;
	}
	for (i = 0; i < vcpu->arch.slb_nr; i++) {
		slbe = sregs->u.s.ppc64.slb[i].slbe;
		slbv = sregs->u.s.ppc64.slb[i].slbv;
		if (!(slbe & SLB_ESID_V))
			continue;
		vcpu->arch.slb[n].orige = slbe;
		vcpu->arch.slb[n].origv = slbv;
		n++;
	}
	vcpu->arch.slb_max = n;
	return 0;
}
