// SPDX-License-Identifier: GPL-2.0
/*
 * One ring a processor for records, emptied by the batch event: it carries the words as they are,
 * when there are enough of them, or after a while. A full ring is itself a reason to leave the
 * guest: no record is lost.
 */
#include <linux/cpu.h>
#include <linux/gfp.h>
#include <linux/workqueue.h>
#include "ring.h"
#include "kvm_hv_trace.h"

/* Written down for longer than this, records are emitted, many or few; where no vCPU comes by, later. */
#define HELD_MS		10
#define ABANDONED_MS	100

DEFINE_PER_CPU(struct hv_ring *, hv_ring);
DEFINE_STATIC_KEY_FALSE(hv_listened);	/* events are switched on */
DEFINE_STATIC_KEY_FALSE(hv_listened_singly);
u32 hv_ring_session;
u64 hv_ring_held_ticks;

static void emit_abandoned(struct work_struct *work);

/* When an event is switched on; process context, one at a time. Rings stay until the module goes. -ENOMEM */
int hv_listen(void)
{
	struct hv_ring **r;
	int cpu;

	BUILD_BUG_ON(sizeof(struct hv_ring) > HV_SEGMENTS * 8192);
	for_each_possible_cpu(cpu) {
		r = per_cpu_ptr(&hv_ring, cpu);
		if (*r)
			continue;
		*r = alloc_pages_exact(sizeof(**r), GFP_KERNEL | __GFP_ZERO);
		if (!*r)
			return -ENOMEM;
		hv_ring_open(*r, 0);
		INIT_DELAYED_WORK(&(*r)->work, emit_abandoned);
	}
	hv_ring_held_ticks = HELD_MS * (tb_ticks_per_sec / 1000);
	/* Who listens already goes on to get all. */
	if (!static_key_enabled(&hv_listened))
		WRITE_ONCE(hv_ring_session, hv_ring_session + 1);
	static_branch_inc(&hv_listened);
	return 0;
}

void hv_unlisten(void)
{
	static_branch_dec(&hv_listened);
}

/* The same for all events but the batch. */
int hv_listen_singly(void)
{
	int rc = hv_listen();

	if (!rc)
		static_branch_inc(&hv_listened_singly);
	return rc;
}

void hv_unlisten_singly(void)
{
	static_branch_dec(&hv_listened_singly);
	hv_unlisten();
}

void hv_ring_free(void)
{
	struct hv_ring *r;
	int cpu;

	for_each_possible_cpu(cpu) {
		r = per_cpu(hv_ring, cpu);
		if (!r)
			continue;
		cancel_delayed_work_sync(&r->work);
		free_pages_exact(r, sizeof(*r));
	}
}

void hv_ring_emit(struct hv_ring *r)
{
	u32 s;

	if (!hv_ring_is_empty(r) && r->session == READ_ONCE(hv_ring_session)) {
		r->used[r->segment] = r->next - r->words[r->segment];
		for (s = 0; s <= r->segment; s++)
			trace_kvm_records(&r->owner, r->words[s], r->used[s]);
	}
	r->owner.serial = 0;
	hv_ring_open(r, 0);
}

struct hv_ring *hv_ring_make_room(struct hv_vcpu *hv)
{
	struct hv_ring *r = this_cpu_read(hv_ring);

	if (!r)
		return NULL;
	if (!hv_ring_is_empty(r) && (r->next > r->last || r->session != READ_ONCE(hv_ring_session) || hv_ring_held_long(r) ||
			     r->owner.serial != hv->owner.serial))
		hv_ring_emit(r);
	if (hv_ring_is_empty(r)) {
		r->owner = hv->owner;
		r->since = mftb();
		r->session = READ_ONCE(hv_ring_session);
		hv->ring_cpu = smp_processor_id();
		if (!delayed_work_pending(&r->work))
			schedule_delayed_work_on(smp_processor_id(), &r->work, msecs_to_jiffies(ABANDONED_MS));
	}
	return r;
}

static long flush_one(void *arg)
{
	struct hv_ring *r;

	preempt_disable();
	r = this_cpu_read(hv_ring);
	if (r)
		hv_ring_emit(r);
	preempt_enable();
	return 0;
}

/* On the processor itself, or from here if it is offline: nobody else touches its ring then. cpus_read_lock */
static void flush_cpu(int cpu)
{
	if (cpu_online(cpu)) {
		work_on_cpu(cpu, flush_one, NULL);
	} else if (per_cpu(hv_ring, cpu)) {
		preempt_disable();
		hv_ring_emit(per_cpu(hv_ring, cpu));
		preempt_enable();
	}
}

/*
 * The vCPU's thread leaves this processor, perhaps for another one, where its
 * next records must not come out before these.
 */
void hv_records_leave(void)
{
	struct hv_ring *r;

	preempt_disable();
	r = this_cpu_read(hv_ring);
	if (r)
		hv_ring_emit(r);
	preempt_enable();
}

/* It is back from user space, maybe on another processor. Sleeps. */
void hv_records_follow(struct kvm_vcpu *vcpu)
{
	int cpu = to_hv_vcpu(vcpu)->ring_cpu;

	to_hv_vcpu(vcpu)->ring_cpu = -1;
	cpus_read_lock();
	flush_cpu(cpu);
	cpus_read_unlock();
}

static void emit_abandoned(struct work_struct *work)
{
	flush_one(NULL);
}

/* All rings. Sleeps. */
void hv_records_flush(void)
{
	int cpu;

	cpus_read_lock();
	for_each_possible_cpu(cpu)
		flush_cpu(cpu);
	cpus_read_unlock();
}
