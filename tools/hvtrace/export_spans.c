// SPDX-License-Identifier: GPL-2.0
/*
 * Spans of time rather than events: the Trace Event Format that chrome://tracing
 * and Perfetto's viewer read, and folded stacks for flame graphs.
 */
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../common/json.h"
#include "../common/names.h"
#include "../common/util.h"
#include "export.h"

const char *span_name(const struct hv_span *span, char *buf, size_t size)
{
	static const char *const names[HV_NR_SPANS] = {
		[HV_SPAN_GUEST] = "guest", [HV_SPAN_USER] = "user space", [HV_SPAN_IDLE] = "idle",
		[HV_SPAN_SWITCH_IN] = "switch to the guest", [HV_SPAN_SWITCH_OUT] = "switch to the host",
		[HV_SPAN_REAL] = "real mode",
	};
	char name[HV_NAME_MAX];

	if (span->kind == HV_SPAN_EXIT)
		snprintf(buf, size, "%s", hv_exit_name(span->nr, name));
	else if (span->kind == HV_SPAN_HCALL)
		snprintf(buf, size, "%s", hv_hcall_name(span->nr, name));
	else
		snprintf(buf, size, "%s", names[span->kind]);
	return buf;
}

/* What a vCPU is known by in a search tree: first in a structure of its own */
static int by_vcpu(const void *a, const void *b)
{
	const struct hv_vcpu *const *v = a, *const *w = b;

	return (*v > *w) - (*v < *w);
}

struct numbered {
	const struct hv_vcpu *v;
	size_t number;
};

static int by_pid(const void *a, const void *b)
{
	const struct hv_vcpu *v = a, *w = b;

	return (v->pid > w->pid) - (v->pid < w->pid);
}

size_t export_vcpu_index(struct export_vcpus *list, const struct hv_vcpu *v, enum export_news *news)
{
	struct numbered **found = tfind(&v, &list->numbers, by_vcpu), *n;

	*news = NEWS_NONE;
	if (found)
		return (*found)->number;
	*news = tfind(v, &list->pids, by_pid) ? NEWS_VCPU : NEWS_PROCESS;
	n = hv_alloc(sizeof(*n));
	*n = (struct numbered){ v, list->nr++ };
	hv_checked(tsearch(n, &list->numbers, by_vcpu));
	hv_checked(tsearch(v, &list->pids, by_pid));
	return n->number;
}

static void not_ours(void *vcpu)
{
	(void)vcpu;
}

void export_vcpus_free(struct export_vcpus *list)
{
	tdestroy(list->numbers, free);
	tdestroy(list->pids, not_ours);
	free(list);
}

const char *export_vmm(const struct export *x, const struct hv_vcpu *v)
{
	const char *comm = hv_reader_comm(x->reader, v->pid);

	return comm ? comm : "VM";
}

static int chrome_begin(struct export *x)
{
	x->own = hv_alloc(sizeof(struct export_vcpus));
	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
	      "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":0,\"args\":{\"name\":\"hvtrace export\"}}", x->out);
	return 0;
}

static void chrome_name(struct export *x, const char *what, int pid, size_t tid, const char *name)
{
	struct hv_json j = { .out = x->out, .depth = 100 };	/* on one line */

	fprintf(x->out, ",\n{\"ph\":\"M\",\"name\":\"%s\",\"pid\":%d,\"tid\":%zu,\"args\":{", what, pid, tid);
	hv_json_string(&j, "name", name);
	fputs("}}", x->out);
}

static size_t chrome_thread(struct export *x, const struct hv_vcpu *v)
{
	enum export_news news;
	size_t index = export_vcpu_index(x->own, v, &news);
	char name[64];

	if (news == NEWS_PROCESS)
		chrome_name(x, "process_name", v->pid, index, export_vmm(x, v));
	if (news != NEWS_NONE) {
		snprintf(name, sizeof(name), v->lpid < 0 ? "vCPU %d" : "vCPU %d, LPID %" PRId64, v->id, v->lpid);
		chrome_name(x, "thread_name", v->pid, index, name);
	}
	return index;
}

/* pid is the VMM's; tid numbers vCPUs, of which one process may have several VMs'. Times: us after the first span's start. */
static int chrome_span(struct export *x, const struct hv_vcpu *v, const struct hv_span *span)
{
	size_t tid = chrome_thread(x, v);
	char name[HV_NAME_MAX];

	fprintf(x->out, ",\n{\"ph\":\"X\",\"name\":\"%s\",\"cat\":\"kvm_hv\",\"pid\":%d,\"tid\":%zu,"
		"\"ts\":%.3f,\"dur\":%.3f", span_name(span, name, sizeof(name)), v->pid, tid,
		(int64_t)(span->start - hv_clock_begin(&x->reader->clock)) / 1e3, (span->end - span->start) / 1e3);
	if (span->kind == HV_SPAN_EXIT)
		fprintf(x->out, ",\"args\":{\"pc\":\"0x%" PRIx64 "\",\"msr\":\"0x%" PRIx64 "\",\"lpid\":%" PRId64 "}",
			span->pc, span->msr, v->lpid);
	fputc('}', x->out);
	return 0;
}

static int chrome_end(struct export *x)
{
	fputs("\n]}\n", x->out);
	export_vcpus_free(x->own);
	return 0;
}

const struct export_format export_chrome = {
	.name = "chrome", .help = "Trace Event Format, for chrome://tracing and ui.perfetto.dev",
	.begin = chrome_begin, .span = chrome_span, .end = chrome_end,
};

/*
 * Self time in ns, by VM, vCPU, and exit with what it contains. An exit's spans
 * end before it does, so what they took is known when it ends.
 */
struct stack {
	char *text;
	uint64_t ns;
	struct stack *next;	/* in order of appearance */
};

struct vcpu_inner {
	const struct hv_vcpu *v;
	struct hv_span hcall;
	uint64_t user, idle;	/* within the exit that is under way */
};

struct folded {
	void *stacks, *inner;	/* search trees */
	struct stack *first, **last;
	size_t nr;
};

#define MAX_STACKS 65536

static int folded_begin(struct export *x)
{
	struct folded *f = hv_alloc(sizeof(*f));

	f->last = &f->first;
	x->own = f;
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct stack *)a)->text, ((const struct stack *)b)->text);
}

static int add_stack(struct folded *f, char *text, uint64_t ns)
{
	struct stack **found, *s;

	if (!ns)
		return 0;
	found = tfind(&(struct stack){ .text = text }, &f->stacks, by_text);
	if (found) {
		(*found)->ns += ns;
		return 0;
	}
	if (f->nr++ == MAX_STACKS)
		return hv_error("export: more than %d different stacks", MAX_STACKS);
	s = hv_alloc(sizeof(*s));
	*s = (struct stack){ .text = hv_strdup(text), .ns = ns };
	*f->last = s;
	f->last = &s->next;
	hv_checked(tsearch(s, &f->stacks, by_text));
	return 0;
}

static struct vcpu_inner *inner_of(struct folded *f, const struct hv_vcpu *v)
{
	struct vcpu_inner **found = tfind(&v, &f->inner, by_vcpu), *in;

	if (found)
		return *found;
	in = hv_alloc(sizeof(*in));
	in->v = v;
	hv_checked(tsearch(in, &f->inner, by_vcpu));
	return in;
}

static int fold_exit(struct folded *f, struct vcpu_inner *in, const struct hv_span *exit, const char *vcpu)
{
	uint64_t all = exit->end - exit->start, hcall = in->hcall.end - in->hcall.start;
	uint64_t inside = in->user + in->idle, rest;
	char name[HV_NAME_MAX], under[HV_NAME_MAX], text[256];

	snprintf(text, sizeof(text), "%s;%s", vcpu, span_name(exit, name, sizeof(name)));
	if (hcall) {
		rest = all > hcall ? all - hcall : 0;
		if (add_stack(f, text, rest))
			return -1;
		snprintf(text, sizeof(text), "%s;%s;%s", vcpu, name, span_name(&in->hcall, under, sizeof(under)));
		all = hcall;
	}
	rest = all > inside ? all - inside : 0;
	if (add_stack(f, text, rest))
		return -1;
	strcat(text, ";user space");
	if (add_stack(f, text, in->user))
		return -1;
	strcpy(strrchr(text, ';'), ";idle");
	if (add_stack(f, text, in->idle))
		return -1;
	*in = (struct vcpu_inner){ .v = in->v };
	return 0;
}

static int folded_span(struct export *x, const struct hv_vcpu *v, const struct hv_span *span)
{
	struct folded *f = x->own;
	struct vcpu_inner *in = inner_of(f, v);
	const char *vmm = export_vmm(x, v);
	uint64_t ns = span->end - span->start;
	char vcpu[96];

	snprintf(vcpu, sizeof(vcpu), "%s-%d;vCPU %d", vmm, v->pid, v->id);
	for (char *p = vcpu; p < vcpu + strlen(vmm); p++)
		if (*p == ';' || *p == ' ')
			*p = '_';
	switch (span->kind) {
	case HV_SPAN_GUEST:
		strcat(vcpu, ";guest");
		return add_stack(f, vcpu, ns);
	case HV_SPAN_HCALL:
		in->hcall = *span;
		return 0;
	case HV_SPAN_USER:
		in->user += ns;
		return 0;
	case HV_SPAN_IDLE:
		in->idle += ns;
		return 0;
	case HV_SPAN_EXIT:
		return fold_exit(f, in, span, vcpu);
	default:
		return 0;
	}
}

static void free_stack(void *stack)
{
	free(((struct stack *)stack)->text);
	free(stack);
}

static int folded_end(struct export *x)
{
	struct folded *f = x->own;

	for (const struct stack *s = f->first; s; s = s->next)
		fprintf(x->out, "%s %" PRIu64 "\n", s->text, s->ns);
	tdestroy(f->stacks, free_stack);
	tdestroy(f->inner, free);
	free(f);
	return 0;
}

const struct export_format export_folded = {
	.name = "folded", .help = "stacks with nanoseconds, for flamegraph.pl and speedscope",
	.begin = folded_begin, .span = folded_span, .end = folded_end,
};
