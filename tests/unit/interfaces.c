// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of docs/interfaces.md, from the lists that the module and its tests
 * are made from.
 *
 *   interfaces FILE		replaces what stands in FILE between the marks of each table
 *   interfaces --check FILE	as TAP: does the file say what the lists say?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>
#include <linux/bits.h>
#include "../../kvm-hv/rm/header.h"

#define CONFIG_SPAPR_TCE_IOMMU	1	/* Debian's kernels have it */
#define MAX_FILE	(1 << 20)

static void capabilities(FILE *out)
{
	fprintf(out, "| `KVM_CAP_` | POWER8 | POWER9 | POWER10 | here |\n|---|---|---|---|---|\n");
#define HV_CAP(name, p8, p9, p10, text) \
	fprintf(out, "| %s | %d | %d | %d | %s |\n", #name, p8, p9, p10, text);
#include "../lab/caps.h"
}

/* The cases of rm_hcall_answer() in kvm-hv/rm/hcall.c; an XICS there is one that is not made of a XIVE. */
static const char *image(int number)
{
	switch (number) {
	case H_REMOVE: case H_ENTER: case H_READ: case H_PROTECT: case H_BULK_REMOVE: case H_CLEAR_REF: case H_CLEAR_MOD:
	case H_CEDE: case H_PROD: case H_CONFER:
		return "real mode, else ";
	case H_XIRR: case H_CPPR: case H_EOI: case H_IPI: case H_IPOLL:
		return "on POWER8 real mode, else ";
	default:
		return "";
	}
}

static void hypercalls(FILE *out)
{
	enum { NO, OFF, ON };
	static const char *const stock[] = { "the VMM", "kernel, when switched on", "kernel" };
	static const char *const here[] = { "module, when switched on", "module, when switched on", "module" };

	fprintf(out, "| number | hypercall | answered in the kernel's kvm-hv by | here by |\n|---|---|---|---|\n");
#define HV_ANSWERED(name, fn, st) \
	fprintf(out, "| %#x | H_%s | %s | %s%s, `%s` |\n", H_##name, #name, stock[st], image(H_##name), here[st], #fn);
#define HV_REFUSED(name, rc) \
	fprintf(out, "| %#x | H_%s | kernel | module: %s |\n", H_##name, #name, #rc);
#include "answered.h"
	fprintf(out, "| %#x | H_RTAS | kernel, if the VMM gave it the token | kvm.ko, if the VMM gave it the token |\n", H_RTAS);
}

static void spr_row(FILE *out, const char *name, int number, u32 cpus, const char *id)
{
	if (!strcmp(id, "0"))
		return;
	fprintf(out, "| %s | %d |", id + strlen("KVM_REG_PPC_"), number);
	for (int i = 1; i < 4; i++)	/* POWER7 by the same path: nothing can run it here */
		fprintf(out, " %s |", cpus & BIT(i) ? "yes" : "kept");
	fprintf(out, "\n");
	(void)name;
}

static void sprs(FILE *out)
{
	fprintf(out, "| `KVM_REG_PPC_` | SPR | POWER8 | POWER9 | POWER10 |\n|---|---|---|---|---|\n");
#define ROW(name, num, cpus, who, place, one_reg) spr_row(out, #name, num, cpus, #one_reg);
#define HV_SPR ROW
#define HV_SPR_PMU ROW
#define HV_SPR_HELD ROW
#include "sprs.h"
}

static void others(FILE *out)
{
	fprintf(out, "| `KVM_REG_PPC_` | by |\n|---|---|\n");
#define HV_ONE_REG(name, ...)		fprintf(out, "| %s | module |\n", #name);
#define HV_ONE_REG_RO(name, ...)	fprintf(out, "| %s | module, read only |\n", #name);
#define HV_ONE_REG_AREA(name, ...)	fprintf(out, "| %s | module |\n", #name);
#define HV_ONE_REG_PART(name, ...)	fprintf(out, "| %s | kvm.ko, on POWER10 the module, too |\n", #name);
#define HV_ONE_REG_KVM(name)		fprintf(out, "| %s | kvm.ko |\n", #name);
#include "onereg.h"
}

static const struct {
	const char *name;
	void (*print)(FILE *out);
} table[] = {
	{ "capabilities", capabilities }, { "hypercalls", hypercalls },
	{ "sprs", sprs }, { "others", others },
};
#define TABLES (sizeof(table) / sizeof(table[0]))

static char *read_all(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = calloc(1, MAX_FILE);

	if (!in || !text || fread(text, 1, MAX_FILE - 1, in) == 0) {
		fprintf(stderr, "interfaces: cannot read %s\n", path);
		exit(2);
	}
	fclose(in);
	return text;
}

/* Where table i stands in the text: after its first mark, up to its second. */
static char *find(char *text, size_t i, char **end)
{
	char mark[64], *p;

	snprintf(mark, sizeof(mark), "<!-- table: %s -->\n", table[i].name);
	p = strstr(text, mark);
	if (!p)
		return NULL;
	p += strlen(mark);
	*end = strstr(p, "<!-- end -->");
	return *end ? p : NULL;
}

static char *print(size_t i)
{
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	table[i].print(out);
	fclose(out);
	return text;
}

static int check(char *text)
{
	int failed = 0;

	for (size_t i = 0; i < TABLES; i++) {
		char *want = print(i), *end, *p = find(text, i, &end);
		int ok = p && (size_t)(end - p) == strlen(want) && !memcmp(p, want, end - p);

		failed += !ok;
		printf("%sok %zu - %s%s\n", ok ? "" : "not ", i + 1, table[i].name,
		       ok ? "" : ": run build/native/tests/unit/interfaces docs/interfaces.md");
		free(want);
	}
	printf("1..%zu\n", TABLES);
	free(text);
	return failed != 0;
}

static int update(const char *path, char *text)
{
	FILE *out = fopen(path, "w");
	char *at = text, *end, *p;

	if (!out) {
		fprintf(stderr, "interfaces: cannot write %s\n", path);
		return 2;
	}
	for (size_t i = 0; i < TABLES; i++) {
		p = find(at, i, &end);
		if (!p)
			continue;
		fwrite(at, 1, p - at, out);
		table[i].print(out);
		at = end;
	}
	fputs(at, out);
	free(text);
	return fclose(out) ? 2 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--check"))
		return check(read_all(argv[2]));
	if (argc == 2 && argv[1][0] != '-')
		return update(argv[1], read_all(argv[1]));
	fprintf(stderr, "usage: interfaces [--check] docs/interfaces.md\n");
	return argc == 2 && !strcmp(argv[1], "--help") ? 0 : 2;
}
