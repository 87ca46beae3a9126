// SPDX-License-Identifier: GPL-2.0
/*
 * A plug-in for QEMU's emulator: tells of interrupts for the hypervisor that were taken
 * while a guest ran. QEMU's own log (-d int) does not say whether it was host or guest that
 * an external, virtualization or doorbell interrupt came to; HSRR1, which keeps the MSR of
 * that moment, does: MSR[HV] (Power ISA v3.1B III, "Interrupt Processing"). Lines go to the same log: -d int,plugin.
 *
 * Debian does not ship qemu-plugin.h: what of it is used here is declared below, as QEMU's
 * docs/devel/tcg-plugins has it, version 4 of the interface.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_register;

struct reg_descriptor {
	struct qemu_plugin_register *handle;
	const char *name, *feature;
};

/* The public members of GLib's GArray and GByteArray */
struct array {
	char *data;
	unsigned int len;
};

enum { CB_R_REGS = 1 };

struct array *g_byte_array_new(void);
struct array *g_byte_array_set_size(struct array *a, unsigned int len);
struct array *qemu_plugin_get_registers(void);
int qemu_plugin_read_register(struct qemu_plugin_register *r, struct array *bytes);
void qemu_plugin_register_vcpu_init_cb(uint64_t id, void (*fn)(uint64_t id, unsigned int cpu));
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*fn)(uint64_t id, struct qemu_plugin_tb *tb));
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, void (*fn)(unsigned int cpu, void *arg),
					    int flags, void *arg);
void qemu_plugin_outs(const char *text);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 4;
EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc, char *argv[]);

#define MSR_HV (1ull << 60)

/* A guest's exits come with the MMU off: to these addresses, whatever AIL says (hardware-rules.md). */
static struct vector {
	uint64_t address;
	const char *name;
} vectors[] = {
	{ 0x500, "EXTERNAL" }, { 0xe80, "H_DOORBELL" }, { 0xea0, "H_VIRT" },
};

static struct qemu_plugin_register *msr, *hsrr1;

static void find_registers(uint64_t id, unsigned int cpu)
{
	struct array *all = qemu_plugin_get_registers();
	const struct reg_descriptor *r = (const void *)all->data;

	(void)id, (void)cpu;
	for (unsigned int i = 0; i < all->len; i++) {
		if (!strcmp(r[i].name, "msr"))
			msr = r[i].handle;
		if (!strcmp(r[i].name, "hsrr1"))
			hsrr1 = r[i].handle;
	}
	if (!msr || !hsrr1)
		qemu_plugin_outs("guestirq: QEMU does not show MSR or HSRR1\n");
}

/* The host is little endian, and so is what its debugger would see. */
static uint64_t value(struct qemu_plugin_register *r)
{
	static struct array *bytes;
	uint64_t v = 0;

	if (!bytes)
		bytes = g_byte_array_new();
	g_byte_array_set_size(bytes, 0);
	if (r && qemu_plugin_read_register(r, bytes) == sizeof(v))
		memcpy(&v, bytes->data, sizeof(v));
	return v;
}

static void at_vector(unsigned int cpu, void *arg)
{
	const struct vector *v = arg;
	char text[64];

	(void)cpu;
	/* A guest's own interrupts have MSR[HV] = 0 here. */
	if (!(value(msr) & MSR_HV) || value(hsrr1) & MSR_HV)
		return;
	snprintf(text, sizeof(text), "guestirq: %s\n", v->name);
	qemu_plugin_outs(text);
}

/* An interrupt begins a block of code. */
static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, 0);

	(void)id;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		if (qemu_plugin_insn_vaddr(insn) == vectors[i].address)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, at_vector, CB_R_REGS, &vectors[i]);
}

int qemu_plugin_install(uint64_t id, const void *info, int argc, char *argv[])
{
	(void)info, (void)argc, (void)argv;
	qemu_plugin_register_vcpu_init_cb(id, find_registers);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
