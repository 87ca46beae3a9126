/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_TYPES_H
#define SHIM_TYPES_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef int32_t s32;
typedef long long s64;
typedef u32 __u32;
typedef int32_t __s32;
typedef u64 __u64;
typedef u64 __be64;
typedef u32 __be32;
typedef uint16_t __be16;
typedef u64 gpa_t;
typedef u64 gfn_t;
#define U32_MAX	0xffffffffu
#define U64_MAX	0xffffffffffffffffull
typedef unsigned long gva_t;

/* The build machine is little endian or not: the HPT is big endian. */
static inline u64 be64_to_cpu(__be64 x)
{
	const u8 *b = (const u8 *)&x;
	u64 v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | b[i];
	return v;
}

static inline __be64 cpu_to_be64(u64 x)
{
	return be64_to_cpu(x);
}

static inline u32 be32_to_cpu(__be32 x)
{
	const u8 *b = (const u8 *)&x;

	return (u32)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
}

static inline __be32 cpu_to_be32(u32 x)
{
	return be32_to_cpu(x);
}

static inline u16 be16_to_cpu(__be16 x)
{
	const u8 *b = (const u8 *)&x;

	return b[0] << 8 | b[1];
}

static inline __be16 cpu_to_be16(u16 x)
{
	return be16_to_cpu(x);
}

#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define ALIGN(x, a)		(((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define container_of(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))
#define BUG()			abort()

#define cmpxchg(p, old, new)	__sync_val_compare_and_swap(p, old, new)
#define smp_mb()		__sync_synchronize()
#define smp_wmb()		__sync_synchronize()
#define smp_rmb()		__sync_synchronize()
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define xchg(p, v)		__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define __iomem
#define __visible
#define noinline
#define notrace

struct list_head { struct list_head *next, *prev; };
struct hlist_head { void *first; };
static inline bool hlist_empty(const struct hlist_head *h) { return !h->first; }
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))

#define min_t(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define min3(a, b, c)		min_t(__typeof__(a), min_t(__typeof__(a), a, b), c)
#define IS_ALIGNED(x, a)	(!((x) & ((a) - 1)))
/* the stock kernel with 64 KiB pages */
#define PAGE_SHIFT	16
#define PAGE_SIZE	(1ul << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define offset_in_page(a)	((a) & ~PAGE_MASK)
#define L1_CACHE_BYTES	128

struct mutex { int held; };
#define DEFINE_MUTEX(name)	struct mutex name
static inline void mutex_lock(struct mutex *m) { if (m->held++) abort(); }
static inline void mutex_unlock(struct mutex *m) { m->held--; }
typedef struct { int counter; } atomic_t;
static inline int atomic_read(const atomic_t *v) { return v->counter; }
struct shim_lock { int held; };
typedef struct { struct { struct shim_lock raw_lock; } rlock; } spinlock_t;
static inline bool arch_spin_trylock(struct shim_lock *l)
{
	return !l->held && (l->held = 1);
}

static inline void arch_spin_unlock(struct shim_lock *l)
{
	l->held = 0;
}

static inline void spin_lock(spinlock_t *l)	{ if (l->rlock.raw_lock.held++) abort(); }
static inline void spin_unlock(spinlock_t *l)	{ l->rlock.raw_lock.held--; }

typedef struct { u64 pgd; } pgd_t;
typedef struct { u64 pte; } pte_t;

#endif
