/* SPDX-License-Identifier: GPL-2.0 */
/* What guest code has to work with: no C library, no MMU, supervisor state. */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "layout.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

enum hcall_number {
#define HV_HCALL(number, name, ...) H_##name = number,
#include "hcalls.h"
};

enum hcall_rc {
#define HV_HCALL_RC(value, name) H_##name = value,
#include "hcall_rcs.h"
};

/* Power ISA Book III, Machine State Register */
#define MSR_SF	(1ul << 63)
#define MSR_VEC	(1ul << 25)
#define MSR_VSX	(1ul << 23)
#define MSR_EE	(1ul << 15)
#define MSR_PR	(1ul << 14)
#define MSR_FP	(1ul << 13)
#define MSR_ME	(1ul << 12)
#define MSR_IR	(1ul << 5)
#define MSR_DR	(1ul << 4)
#define MSR_RI	(1ul << 1)
#define MSR_LE	(1ul << 0)

/* What is shared with the hypervisor is big endian, with the VMM little endian. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define be16(x) (x)
#define be32(x) (x)
#define be64(x) (x)
#define le32(x) __builtin_bswap32(x)
#define le64(x) __builtin_bswap64(x)
#else
#define be16(x) __builtin_bswap16(x)
#define be32(x) __builtin_bswap32(x)
#define be64(x) __builtin_bswap64(x)
#define le32(x) (x)
#define le64(x) (x)
#endif

/* Which doubleword of a vector in memory is the low one */
#define LOW	(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

#define TB_HZ	512000000ul	/* every POWER8 and later */

#define mfspr(n) ({ u64 v_; asm volatile("mfspr %0, %1" : "=r" (v_) : "i" (n)); v_; })
#define mtspr(n, v) asm volatile("mtspr %0, %1" : : "i" (n), "r" ((u64)(v)) : "memory")
#define barrier() asm volatile("" : : : "memory")

static inline u64 mftb(void)
{
	u64 tb;

	asm volatile("mfspr %0, 268" : "=r" (tb));
	return tb;
}

static inline u64 mfmsr(void)
{
	u64 msr;

	asm volatile("mfmsr %0" : "=r" (msr));
	return msr;
}

static inline void mtmsr(u64 msr)
{
	asm volatile("mtmsrd %0; isync" : : "r" (msr) : "memory");
}

/* start.c: what hvrun passed in r4..r11 */
extern struct {
	u64 mem_size;
	u64 ncpus;
	u64 arg[5];		/* r6..r10 */
	u64 hpt_order;
} boot_args;
extern char _end[];		/* from here on memory is untouched */

int main(void);
_Noreturn void payload_exit(int status);
int power_generation(void);	/* 8, 9, 10 */
void start_cpu(unsigned int cpu, void (*fn)(void *), void *arg);
unsigned int this_cpu(void);
void spin_tb(u64 ticks);
void sync_icache(void *start, size_t len);

/* Hypercalls. HCALL(number, args...) returns r3; hcall_raw() also gives r4..r12. */
long hcall_raw(u64 number, u64 args[9]);
#define HCALL(number, ...) hcall_raw(number, (u64[9]){ __VA_ARGS__ })

/* host.c: hvrun's private calls; host_call() and HOST_CALL() give r4 */
long host_call(u64 number, u64 args[9]);
#define HOST_CALL(number, ...) host_call(number, (u64[9]){ __VA_ARGS__ })
void host_sleep(u64 ms);
void host_discard(void *start, u64 len);
u64 host_resident(void *start, u64 len);
long host_get_reg(u64 one_reg, u64 *value);
long host_set_reg(u64 one_reg, u64 value);
long host_vm_ioctl(u64 request, const void *arg);	/* -errno */
void host_enable_hcall(u64 number, bool on);
u64 host_event_counter(u64 fd);		/* -1: a new one */

/* H_HVRUN_TURN: let the VM at the other end of --peer go on, wait until it does the same */
#define TURN_GIVE	1
#define TURN_WAIT	2

/* hvrun's device, which is storage */
#define DEVICE_ADDR	(1ul << 40)
#define DEVICE_SIZE	0x10000

/* mmu.c: 4 KiB pages in the hashed page table, through H_ENTER */
#define PAGE_4K 4096ul
long map_page(u64 ea, u64 ra, u64 flags);	/* the hypercall's return code */
#define MAP_RW	2		/* PP bits: problem state reads and writes */
#define MAP_RO	3
#define MAP_IO	0x28		/* WIMG: caching inhibited, guarded */
bool map_payload(void);		/* itself, at its own address; false: no H_ENTER here */
/* Runs fn in problem state (MMU on, as it has to be) until it returns, or, then
 * false, until a system call interrupt from within it. */
bool run_problem_state(void (*fn)(void));

/* console.c */
int printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int vprintf(const char *fmt, va_list ap);

/* string.c */
void *memset(void *dst, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/* tap.c: Test Anything Protocol; tap_done() prints the plan and gives main's status */
bool ok(bool cond, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void skip(const char *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int tap_done(void);

/* exception.c */
struct regs {
	u64 gpr[32];
	u64 pc, msr, lr, ctr, xer, cr, dar, dsisr, trap;
};

typedef void (*exception_handler)(struct regs *regs);
/* NULL takes it away again. A vector without a handler ends the payload. */
void set_handler(unsigned int vector, exception_handler fn);
void dump_regs(const struct regs *regs);

/*
 * Exceptions that a test provokes: between expect_exceptions() and
 * got_exception() any synchronous one is recorded and stepped over: SKIP goes
 * on behind the instruction, RETURN does as if the called function returned.
 */
enum expect { EXPECT_NONE, EXPECT_SKIP, EXPECT_RETURN };
struct exception {
	unsigned int count;
	u64 trap, pc, msr, dar, dsisr;	/* of the last one */
};
void expect_exceptions(enum expect how);
struct exception got_exception(void);

#endif
