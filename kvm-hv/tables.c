// SPDX-License-Identifier: GPL-2.0
/*
 * From an exit's vector and a hypercall's number to its row of statistics, its arguments, and
 * whether it is recorded: tables in the linear map, for module and image.
 */
#include <linux/kvm_host.h>
#include <linux/slab.h>
#include <asm/hvcall.h>
#include "hv.h"

#define BY_NUMBER	HV_ROW_OTHER_EXIT	/* so many rows; those of extra follow */

static const u64 exits[] = {
#define HV_EXIT(vector, ...) vector,
#include "exits.h"
};

static const struct { u64 number; const char *arguments; } hcalls[] = {
#define ARGUMENTS(name, family, ...) __VA_ARGS__
#define HV_HCALL(nr, ...) { .number = nr, ARGUMENTS(__VA_ARGS__) },
#include "hcalls.h"
};

static struct { u32 kind; u64 number; } extra[ARRAY_SIZE(exits) + ARRAY_SIZE(hcalls) + 2];
static u32 nr_extra;
struct hv_tables *hv_tables;

u32 hv_nr_rows(void)
{
	return BY_NUMBER + nr_extra;
}

void hv_row_name(u32 row, struct hv_stats_row *r)
{
	r->kind = row < BY_NUMBER ? HV_ROW_HCALL : extra[row - BY_NUMBER].kind;
	r->number = row < BY_NUMBER ? row * 4 : extra[row - BY_NUMBER].number;
}

static u32 count_words(const char *s)
{
	u32 n = !!*s;

	for (; *s; s++)
		n += *s == ' ';
	return n;
}

static u32 add_row(u32 kind, u64 number)
{
	extra[nr_extra].kind = kind;
	extra[nr_extra].number = number;
	return BY_NUMBER + nr_extra++;
}

static void find_rows(struct hv_tables *t)
{
	u32 i, slot;

	nr_extra = 0;
	add_row(HV_ROW_EXIT, ~0ull);
	add_row(HV_ROW_HCALL, ~0ull);
	for (i = 0; i < HV_EXIT_SLOTS; i++)
		t->exit_row[i] = HV_ROW_OTHER_EXIT;
	for (i = 0; i < HV_PRIVATE_SLOTS; i++)
		t->private_row[i] = HV_ROW_OTHER_HCALL;
	for (i = 0; i < ARRAY_SIZE(exits); i++) {
		slot = exits[i] / 0x20;
		if (t->exit_row[slot] == HV_ROW_OTHER_EXIT)	/* 0x500 and 0x502 share theirs */
			t->exit_row[slot] = add_row(HV_ROW_EXIT, exits[i]);
	}
	for (i = 0; i < ARRAY_SIZE(hcalls); i++)
		if (hcalls[i].number - HV_PRIVATE < HV_PRIVATE_SLOTS)
			t->private_row[hcalls[i].number - HV_PRIVATE] = add_row(HV_ROW_HCALL, hcalls[i].number);
}

/* What the image looks up instead of asking hv_wanted() and hv_args() */
static void set_heads(struct hv_tables *t)
{
	u32 i;

	for (i = 0; i < HV_HCALL_SLOTS; i++)
		WRITE_ONCE(t->again_head[i], hv_wanted(t, BOOK3S_INTERRUPT_SYSCALL, i * 4) ?
						     hv_again_head(i * 4, t->hcall_args[i]) : 0);
}

/* -ENOMEM */
int hv_tables_init(void)
{
	struct hv_tables *t = kzalloc(sizeof(*t), GFP_KERNEL);
	u32 i;

	if (!t)
		return -ENOMEM;
	find_rows(t);
	memset(t->hcall_args, 4, sizeof(t->hcall_args));
	for (i = 0; i < ARRAY_SIZE(hcalls); i++)
		if (hcalls[i].number / 4 < HV_HCALL_SLOTS && hcalls[i].arguments)
			t->hcall_args[hcalls[i].number / 4] = count_words(hcalls[i].arguments);
	hv_tables = t;
	set_heads(t);
	return 0;
}

void hv_tables_free(void)
{
	kfree(hv_tables);
}

static bool names_all(const struct hv_filter *f)
{
	u64 bits = f->other_hcalls ? ~0ull : 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(f->exits); i++)
		bits &= f->exits[i];
	for (i = 0; i < ARRAY_SIZE(f->hcalls); i++)
		bits &= f->hcalls[i] & f->own_hcalls[i];
	return !~bits;
}

/* For hv_wanted(); NULL: everything is. Readers may see half of a change. */
void hv_set_filter(const struct hv_filter *f)
{
	struct hv_tables *t = hv_tables;

	if (f && names_all(f))
		f = NULL;	/* nothing has to be looked up */
	if (f) {
		memcpy(t->exits, f->exits, sizeof(t->exits));
		memcpy(t->hcalls, f->hcalls, sizeof(t->hcalls));
		memcpy(t->own_hcalls, f->own_hcalls, sizeof(t->own_hcalls));
		t->other_hcalls = f->other_hcalls;
		smp_wmb();
	}
	WRITE_ONCE(t->filtered, !!f);
	set_heads(t);
}
