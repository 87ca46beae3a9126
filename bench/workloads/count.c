// SPDX-License-Identifier: GPL-2.0
/*
 * A TCG plug-in for QEMU: counts the instructions that all processors execute,
 * and at each mark (marks.h) writes a line "begin COUNT" or "end COUNT" to the
 * file of its argument out=FILE. Other than virtual time it counts nothing while
 * processors are idle.
 *
 * QEMU's package has no header for plug-ins: what is used of the interface (its
 * version 3, documented in QEMU's docs/devel/tcg-plugins.rst) is declared here.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "marks.h"

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
typedef struct {
	void *score;
	size_t offset;
} qemu_plugin_u64;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;
enum { QEMU_PLUGIN_CB_NO_REGS };
enum { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t, struct qemu_plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t idx);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *dest, size_t len);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn, int op, qemu_plugin_u64 entry,
							 uint64_t imm);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, void (*cb)(unsigned int, void *), int flags,
					    void *data);
void *qemu_plugin_scoreboard_new(size_t size);
uint64_t qemu_plugin_u64_sum(qemu_plugin_u64 entry);

EXPORT int qemu_plugin_version = 3;

static qemu_plugin_u64 executed;
static bool begun;
static FILE *out;

static void mark(const char *name)
{
	fprintf(out, "%s %" PRIu64 "\n", name, qemu_plugin_u64_sum(executed));
	fflush(out);
}

static void begin(unsigned int cpu, void *unused)
{
	(void)cpu;
	(void)unused;
	begun = true;
	mark("begin");
}

/* A boot that only warms up has an end, but no begin. */
static void end(unsigned int cpu, void *unused)
{
	(void)cpu;
	(void)unused;
	if (begun)
		mark("end");
	begun = false;
}

/* Little endian, as the lab's hosts and guests are. */
static bool is_mark(const struct qemu_plugin_insn *insn, unsigned int n)
{
	uint32_t word;

	return qemu_plugin_insn_data(insn, &word, sizeof(word)) == sizeof(word) && word == MARK_WORD(n);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_PLUGIN_INLINE_ADD_U64, executed, 1);
		if (is_mark(insn, MARK_BEGIN))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, begin, QEMU_PLUGIN_CB_NO_REGS, NULL);
		if (is_mark(insn, MARK_END))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, end, QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "count: give out=FILE\n");
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	executed.score = qemu_plugin_scoreboard_new(sizeof(uint64_t));
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
