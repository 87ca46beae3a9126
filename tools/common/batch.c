// SPDX-License-Identifier: GPL-2.0
#include "batch.h"
#include "records.h"
#include "sample.h"

#define BIT(field)	(1ull << HV_F_##field)
/* vCPU and partition stand in the sample, once for all. */
#define COMMON		(BIT(vcpu_id) | BIT(lpid) | BIT(tb))
/* r3 holds a hypercall's number, the registers after it its arguments. */
#define ARGS(nr)	(((1ull << (nr)) - 1) << HV_F_gpr4)

_Static_assert(HV_F_gpr4 + HV_REC_ARGS - 1 <= HV_F_gpr12, "no field for an argument");

static const uint64_t fields[HV_NR_EVENTS] = {
	[HV_kvm_guest_exit] = COMMON | BIT(trap) | BIT(pc) | BIT(msr) | BIT(dar) | BIT(dsisr) | BIT(where),
	[HV_kvm_guest_enter] = COMMON | BIT(pc) | BIT(pending_exceptions) | BIT(where) | BIT(out) | BIT(module) |
			       BIT(user) | BIT(idle),
	[HV_kvm_hcall_enter] = COMMON | BIT(req) | ARGS(HV_REC_ARGS),
	[HV_kvm_hcall_exit] = COMMON | BIT(ret) | BIT(hcall_rc) | BIT(req) | BIT(where),
	[HV_kvm_hcall_user] = COMMON | BIT(req) | BIT(hcall_rc),
	[HV_kvm_partition_switch] = BIT(vcpu_id) | BIT(to_guest) | BIT(from_lpid) | BIT(to_lpid) | BIT(tb_start) |
				    BIT(tb_end),
	[HV_kvm_page_fault_enter] = COMMON | BIT(hpte_v) | BIT(hpte_r) | BIT(gpte_r) | BIT(ea) | BIT(base_gfn) |
				    BIT(slot_flags) | BIT(dsisr) | BIT(where) | BIT(gpa),
	[HV_kvm_page_fault_exit] = COMMON | BIT(hpte_v) | BIT(hpte_r) | BIT(ret) | BIT(where) | BIT(outcome),
	[HV_kvm_mmio] = COMMON | BIT(gpa) | BIT(value) | BIT(len) | BIT(write) | BIT(where),
};

uint64_t hv_batch_fields(enum hv_event e)
{
	return fields[e];
}

/* One record of the stream, and whom to tell. */
struct rec {
	const char *words;
	unsigned int nr;	/* without the moved pc */
	bool swap, moved;
	unsigned int trap;
	uint64_t tb, ticks;
	bool has_whole;		/* the last hypercall's STAYED record, which AGAIN is about: */
	uint64_t whole_pc, whole_msr;
	bool has_out;		/* a switch to the host came before in the same sample: */
	uint64_t out;		/* its ticks */
	struct hv_record *r;
	hv_record_fn fn;
	void *arg;
};

static uint64_t word(const struct rec *x, unsigned int i)
{
	return hv_get64(x->words + 8 * i, x->swap);
}

/* All fields of e but the time have been set. */
static int tell(struct rec *x, enum hv_event e, uint64_t missing, uint64_t tb)
{
	x->r->event = e;
	x->r->present = fields[e] & ~missing;
	x->r->field[HV_F_tb] = tb;
	return x->fn(x->r, x->arg);
}

static int tell_switch(struct rec *x, bool to_guest, uint64_t start, uint64_t end)
{
	uint64_t *f = x->r->field;

	f[HV_F_to_guest] = to_guest;
	f[HV_F_from_lpid] = to_guest ? 0 : f[HV_F_lpid];
	f[HV_F_to_lpid] = to_guest ? f[HV_F_lpid] : 0;
	f[HV_F_tb_start] = start;
	f[HV_F_tb_end] = end;
	return tell(x, HV_kvm_partition_switch, 0, end);
}

/* at: where the HV_FAULT words are */
static int tell_fault(struct rec *x, unsigned int at, enum hv_where where, uint64_t start, uint64_t end)
{
	uint64_t *f = x->r->field, how = word(x, at + HV_FAULT_HOW);

	f[HV_F_hpte_v] = word(x, at + HV_FAULT_V);
	f[HV_F_hpte_r] = word(x, at + HV_FAULT_R);
	f[HV_F_gpte_r] = word(x, at + HV_FAULT_GR);
	f[HV_F_ea] = word(x, at + HV_FAULT_EA);
	f[HV_F_gpa] = word(x, at + HV_FAULT_GPA);
	f[HV_F_base_gfn] = word(x, at + HV_FAULT_BASE_GFN);
	f[HV_F_dsisr] = (uint32_t)how;
	f[HV_F_outcome] = how >> 32 & 0xff;
	f[HV_F_slot_flags] = how >> 40;
	f[HV_F_where] = where;
	f[HV_F_ret] = 0;
	return tell(x, HV_kvm_page_fault_enter, 0, start) ? : tell(x, HV_kvm_page_fault_exit, 0, end);
}

/* As many arguments as there is room for from word at to word end. */
static int tell_hcall(struct rec *x, uint64_t req, unsigned int at, unsigned int end)
{
	unsigned int nr = end - at < HV_REC_ARGS ? end - at : HV_REC_ARGS;

	x->r->field[HV_F_req] = req;
	for (unsigned int i = 0; i < nr; i++)
		x->r->field[HV_F_gpr4 + i] = word(x, at + i);
	return tell(x, HV_kvm_hcall_enter, ARGS(HV_REC_ARGS) & ~ARGS(nr), x->tb);
}

static int tell_hcall_exit(struct rec *x, uint64_t ret, uint64_t rc, enum hv_where where, uint64_t tb)
{
	uint64_t *f = x->r->field;

	f[HV_F_ret] = ret;
	f[HV_F_hcall_rc] = rc;
	f[HV_F_where] = where;
	return tell(x, HV_kvm_hcall_exit, 0, tb);
}

static int tell_exit(struct rec *x, enum hv_where where, uint64_t pc, uint64_t msr, uint64_t dar, uint64_t dsisr)
{
	uint64_t *f = x->r->field;

	f[HV_F_trap] = x->trap;
	f[HV_F_pc] = pc;
	f[HV_F_msr] = msr;
	f[HV_F_dar] = dar;
	f[HV_F_dsisr] = dsisr;
	f[HV_F_where] = where;
	return tell(x, HV_kvm_guest_exit, 0, x->tb);
}

enum { SYSCALL = 0xc00, HDSI = 0xe00, HISI = 0xe20 };

#define MSR_PR	(1ull << 14)

/* sc 1 of guest user space is no hypercall. */
static bool is_hcall(const struct rec *x)
{
	return x->trap == SYSCALL && x->nr >= 4 && !(word(x, 3) & MSR_PR);
}

/* What an exit brings along: words after pc and msr. */
static unsigned int exit_words(const struct rec *x, bool stayed)
{
	if (is_hcall(x))
		return stayed ? 2 : 1;
	if (!stayed)
		return x->trap == HDSI ? 2 : 0;
	return x->trap == HDSI || x->trap == HISI ? HV_FAULT_WORDS : 0;
}

/* The real-mode image let the guest go on: no partition switch. */
static int tell_going_on(struct rec *x, uint64_t pc, uint64_t tb)
{
	uint64_t *f = x->r->field;

	f[HV_F_pc] = pc;
	f[HV_F_pending_exceptions] = f[HV_F_out] = f[HV_F_module] = f[HV_F_user] = f[HV_F_idle] = 0;
	f[HV_F_where] = HV_IN_REAL_MODE;
	return tell(x, HV_kvm_guest_enter, 0, tb);
}

static int stayed(struct rec *x)
{
	uint64_t end = x->tb + x->ticks;
	bool fault = x->trap == HDSI || x->trap == HISI;
	int ret = 0;

	if (x->nr < 4 + exit_words(x, true))
		return HV_DAMAGED;
	ret = tell_exit(x, HV_IN_REAL_MODE, word(x, 2), word(x, 3), fault ? word(x, 4 + HV_FAULT_EA) : 0,
			fault ? (uint32_t)word(x, 4 + HV_FAULT_HOW) : 0);
	if (!ret && is_hcall(x)) {
		x->has_whole = true;
		x->whole_pc = word(x, 2);
		x->whole_msr = word(x, 3);
		ret = tell_hcall(x, word(x, 4), 5, x->nr - 1) ? :
		      tell_hcall_exit(x, 0, word(x, x->nr - 1), HV_IN_REAL_MODE, end);
	}
	if (!ret && fault)
		ret = tell_fault(x, 4, HV_IN_REAL_MODE, x->tb, end);
	return ret ? : tell_going_on(x, word(x, x->moved ? x->nr : 2), end);
}

static int again(struct rec *x, uint64_t head)
{
	uint64_t end = x->tb + HV_REC_AGAIN_TICKS(head), req = HV_REC_AGAIN_REQ(head);

	if (!x->has_whole)
		return HV_DAMAGED;
	x->trap = SYSCALL;
	return tell_exit(x, HV_IN_REAL_MODE, x->whole_pc, x->whole_msr, 0, 0) ? :
	       tell_hcall(x, req, HV_REC_HEAD, x->nr) ? :
	       tell_hcall_exit(x, 0, HV_REC_AGAIN_RC(head), HV_IN_REAL_MODE, end) ? :
	       tell_going_on(x, x->whole_pc, end);
}

static int left(struct rec *x)
{
	bool hdsi = x->trap == HDSI;
	int ret;

	if (x->nr < 4 + exit_words(x, false))
		return HV_DAMAGED;
	ret = tell_exit(x, HV_IN_MODULE, word(x, 2), word(x, 3), hdsi ? word(x, 4) : 0, hdsi ? word(x, 5) : 0);
	if (!ret && is_hcall(x))
		ret = tell_hcall(x, word(x, 4), 5, x->nr);
	x->has_out = true;
	x->out = x->ticks;
	return ret ? : tell_switch(x, false, x->tb, x->tb + x->ticks);
}

static uint64_t word_or_0(const struct rec *x, unsigned int i)
{
	return i < x->nr ? word(x, i) : 0;
}

static int enter(struct rec *x)
{
	uint64_t *f = x->r->field;
	int ret;

	if (x->nr < 3)
		return HV_DAMAGED;
	ret = tell_switch(x, true, x->tb >= x->ticks ? x->tb - x->ticks : 0, x->tb);
	if (ret)
		return ret;
	f[HV_F_pc] = word(x, 2);
	f[HV_F_module] = word_or_0(x, 3);
	f[HV_F_user] = word_or_0(x, 4);
	f[HV_F_idle] = word_or_0(x, 5);
	f[HV_F_pending_exceptions] = word_or_0(x, 6);
	f[HV_F_out] = x->out;
	f[HV_F_where] = f[HV_F_user] ? HV_IN_USER_SPACE : HV_IN_MODULE;
	return tell(x, HV_kvm_guest_enter, x->has_out ? 0 : BIT(out), x->tb);
}

static int mmio(struct rec *x)
{
	uint64_t *f = x->r->field, how;

	if (x->nr < 5)
		return HV_DAMAGED;
	how = word(x, 4);
	f[HV_F_gpa] = word(x, 2);
	f[HV_F_value] = word(x, 3);
	f[HV_F_len] = how & 0xff;
	f[HV_F_write] = how >> 8 & 1;
	f[HV_F_where] = how >> 9 & 1 ? HV_IN_USER_SPACE : HV_IN_MODULE;
	return tell(x, HV_kvm_mmio, 0, x->tb);
}

enum {
#define HV_HCALL_RC(nr, name) RC_##name = nr,
#include "hcall_rcs.h"
};

static int hcall(struct rec *x)
{
	bool asks = x->ticks & HV_RET_HOST;
	unsigned int at = HV_REC_HEAD + !asks;

	if (x->nr < at)
		return HV_DAMAGED;
	x->r->field[HV_F_req] = x->nr > at ? word(x, at) : x->trap;
	return tell_hcall_exit(x, (int64_t)(int32_t)x->ticks, asks ? RC_TOO_HARD : word(x, HV_REC_HEAD),
			       asks ? HV_IN_USER_SPACE : HV_IN_MODULE, x->tb);
}

static int user(struct rec *x)
{
	unsigned int at = HV_REC_HEAD + 1;

	if (x->nr < at)
		return HV_DAMAGED;
	x->r->field[HV_F_req] = x->nr > at ? word(x, at) : x->trap;
	x->r->field[HV_F_hcall_rc] = word(x, HV_REC_HEAD);
	return tell(x, HV_kvm_hcall_user, 0, x->tb);
}

static int one(struct rec *x, uint64_t head)
{
	switch (HV_REC_KIND(head)) {
	case HV_REC_STAYED:
		return stayed(x);
	case HV_REC_LEFT:
		return left(x);
	case HV_REC_HCALL:
		return hcall(x);
	case HV_REC_USER:
		return user(x);
	case HV_REC_FAULT:
		return x->nr < HV_REC_HEAD + HV_FAULT_WORDS ? HV_DAMAGED :
		       tell_fault(x, HV_REC_HEAD, HV_IN_MODULE, x->tb, x->tb);
	case HV_REC_MMIO:
		return mmio(x);
	case HV_REC_ENTER:
		return enter(x);
	case HV_REC_AGAIN:
		return again(x, head);
	}
	return 0;	/* of a newer backend: its length is all that has to be known */
}

int hv_batch_each(const struct hv_batch *b, struct hv_record *r, hv_record_fn fn, void *arg)
{
	struct rec x = { .swap = b->swap, .r = r, .fn = fn, .arg = arg };
	unsigned int words;
	int ret = 0;

	for (size_t at = 0; !ret && at < b->nr; at += words) {
		uint64_t head;

		x.words = (const char *)b->words + 8 * at;
		if (b->nr - at < HV_REC_HEAD)
			return HV_DAMAGED;
		head = word(&x, 1);
		words = HV_REC_WORDS(head);
		x.moved = head & HV_REC_MOVED;
		if (words < HV_REC_HEAD + (x.moved ? 1u : 0u) || words > b->nr - at)
			return HV_DAMAGED;
		x.nr = words - x.moved;
		x.tb = word(&x, 0);
		x.trap = HV_REC_TRAP(head);
		x.ticks = HV_REC_TICKS(head);
		ret = one(&x, head);
	}
	return ret;
}
