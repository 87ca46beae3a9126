// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's hashed page table from outside: KVM_PPC_GET_HTAB_FD both ways, and
 * KVM_PPC_RESIZE_HPT_*. The guest makes entries, has the VMM read or change the
 * table, and looks at it through H_READ.
 */
#include "payload.h"

#define H_EXACT		(1ul << 39)
#define H_READ_4	(1ul << 37)
#define BOLTED_ONLY	1ul
#define FD_WRITE	2ul
#define V_VALID		1ul
#define V_SECONDARY	2ul
#define V_LARGE		4ul
#define V_BOLTED	0x10ul
#define V_1TB		(1ul << 62)
#define R_RC		0x180ul
#define RPTE		0x192ul		/* R, C, M, PP=2 */
#define NOWHERE		(1ul << 40)	/* no memory: the host's pages would be too small for a large entry */
#define EBADF		9
#define EBUSY		16
#define EINVAL		22
#define ENOSPC		28
#define ENXIO		6

struct header { u32 index; uint16_t n_valid, n_invalid; };	/* in the host's byte order: little endian */
struct entry { u64 v, r; };					/* in the stream: big endian */

#define BUF	((u8 *)0x1000000)	/* 16M: far from the payload */
#define BUF_LEN	0x400000ul
#define MAX_ENTRIES (1u << 16)
static struct entry seen[MAX_ENTRIES];
static u8 count[MAX_ENTRIES];	/* times an entry was in the stream */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BE64(x)	__builtin_bswap64(x)
#define LE(x)	(x)
#else
#define BE64(x)	(x)
#define LE(x)	_Generic((x), u32: __builtin_bswap32(x), uint16_t: __builtin_bswap16(x))
#endif

static struct header get_header(const void *p)
{
	const struct header *h = p;

	return (struct header){ LE(h->index), LE(h->n_valid), LE(h->n_invalid) };
}

static void put_header(struct header h)
{
	*(struct header *)BUF = (struct header){ LE(h.index), LE(h.n_valid), LE(h.n_invalid) };
}

static u64 entries(void)
{
	return 1ul << (boot_args.hpt_order - 4);
}

static long enter(u64 flags, u64 index, u64 v, u64 r)
{
	return HCALL(H_ENTER, flags, index, v, r);
}

static struct entry read_entry(u64 index)
{
	u64 args[9] = { 0, index };

	hcall_raw(H_READ, args);
	return (struct entry){ args[0], args[1] };
}

/* Takes a stream apart into seen[] and count[]; how many entries it has, or -1: it is not well-formed. */
static long parse(const u8 *p, long len)
{
	const u8 *end = p + len;
	long n = 0;

	while (p < end) {
		const struct header h = get_header(p);
		const u64 *e = (const void *)(p + sizeof(h));

		p = (const u8 *)(e + 2ul * h.n_valid);
		if (p > end || h.index + h.n_valid + h.n_invalid > entries() ||
		    !(h.n_valid + h.n_invalid))
			return -1;
		for (u64 i = 0; i < (u64)h.n_valid + h.n_invalid; i++, n++) {
			count[h.index + i]++;
			seen[h.index + i] = (struct entry){ 0, 0 };
			if (i < h.n_valid)
				seen[h.index + i] = (struct entry){
					BE64(e[2 * i]), BE64(e[2 * i + 1]) };
		}
	}
	return n;
}

/* Reads until a pass ends; the bytes are in BUF. */
static long read_pass(u64 fd, u64 chunk)
{
	long n, total = 0, in_stream = 0;

	while (in_stream < (long)entries()) {
		n = HOST_CALL(H_HVRUN_HTAB_READ, fd, (u64)BUF + total, chunk);
		if (n <= 0)
			return n ? n : total;
		in_stream += parse(BUF + total, n);
		total += n;
	}
	return total;
}

static void forget(void)
{
	memset(count, 0, sizeof(count));
	memset(seen, 0, sizeof(seen));
}

/* Reads until nothing has changed any more: the guest's own pages may still get their C bits. */
static bool drain(u64 fd)
{
	for (int i = 0; i < 100; i++)
		if (HOST_CALL(H_HVRUN_HTAB_READ, fd, (u64)BUF, BUF_LEN) == 0)
			return true;
	return false;
}

static u64 test_index(u64 i)
{
	return 800 + 8 * i;	/* the VRMA has the first places of a PTEG, if any */
}

static u64 test_v(u64 i)
{
	return (0x777000ul + i) << 12 | (i & 1 ? V_BOLTED : 0) | V_VALID;
}

static void make_entries(void)
{
	long bad = 0;

	for (u64 i = 0; i < 64; i++)
		bad += enter(H_EXACT, test_index(i) + 7, test_v(i), RPTE | i << 12) != H_SUCCESS;
	ok(!bad, "H_ENTER of 64 entries (%ld refused)", bad);
}

static long differences(bool bolted_only)
{
	long bad = 0;

	for (u64 i = 0; i < entries(); i++) {
		struct entry e = read_entry(i);

		if (!(e.v & V_VALID) || (bolted_only && !(e.v & V_BOLTED)))
			e = (struct entry){ 0, 0 };
		else if (e.v == seen[i].v)
			e.r ^= (e.r ^ seen[i].r) & R_RC;	/* may be set since */
		if ((e.v != seen[i].v || e.r != seen[i].r || count[i] != 1) && bad++ < 5)
			printf("# entry %#lx: H_READ %lx %lx, stream %lx %lx, %d times\n", i,
			       e.v, e.r, seen[i].v, seen[i].r, count[i]);
	}
	return bad;
}

static void test_read(void)
{
	long fd = HOST_CALL(H_HVRUN_HTAB_OPEN, 0, 0, 0), len, bad;

	ok(fd >= 0, "a descriptor to read from (%ld)", fd);
	forget();
	len = read_pass(fd, 2048);
	bad = differences(false);
	ok(len > 0 && !bad, "the first pass has every entry once, as H_READ gives it (%ld bytes, %ld wrong)",
	   len, bad);
	ok(drain(fd), "then nothing is left to read");

	HCALL(H_PROTECT, 1, test_index(0) + 7, 0);
	HCALL(H_REMOVE, 0, test_index(2) + 7, 0);
	enter(H_EXACT, test_index(4) + 6, test_v(99), RPTE);
	forget();
	len = read_pass(fd, BUF_LEN);
	ok(len > 0 && count[test_index(0) + 7] == 1 && count[test_index(2) + 7] == 1 &&
	   count[test_index(4) + 6] == 1 && !count[test_index(6) + 7],
	   "after H_PROTECT, H_REMOVE and H_ENTER it has those three (%ld bytes)", len);
	ok((seen[test_index(0) + 7].r & 3) == 1 && !seen[test_index(2) + 7].v &&
	   seen[test_index(4) + 6].v == test_v(99), "as they are now");
	drain(fd);

	/* The reader stands somewhere after this: a change before its place must not look like the end. */
	enter(H_EXACT, test_index(40) + 6, test_v(98), RPTE);
	HOST_CALL(H_HVRUN_HTAB_READ, fd, (u64)BUF, BUF_LEN);
	enter(H_EXACT, test_index(1) + 6, test_v(97), RPTE);
	forget();
	for (int i = 0; i < 4 && !count[test_index(1) + 6]; i++) {
		len = HOST_CALL(H_HVRUN_HTAB_READ, fd, (u64)BUF, BUF_LEN);
		parse(BUF, len);
		if (!len)
			break;
	}
	ok(count[test_index(1) + 6], "a change behind the reader's back is read before it is told of the end");
	ok(HOST_CALL(H_HVRUN_HTAB_WRITE, fd, (u64)BUF, 8) == -EBADF, "it can't be written to");
	ok(HOST_CALL(H_HVRUN_HTAB_READ, fd, (u64)BUF, 23) == -EINVAL, "a buffer too small for one record is refused");
	HOST_CALL(H_HVRUN_HTAB_CLOSE, fd, 0, 0);
	ok(HOST_CALL(H_HVRUN_HTAB_OPEN, 4, 0, 0) == -EINVAL, "an unknown flag is refused");

	fd = HOST_CALL(H_HVRUN_HTAB_OPEN, BOLTED_ONLY, 0, 0);
	forget();
	read_pass(fd, 65536);
	bad = differences(true);
	ok(!bad && seen[test_index(1) + 7].v, "BOLTED_ONLY gives bolted entries (%ld wrong)", bad);
	HOST_CALL(H_HVRUN_HTAB_CLOSE, fd, 0, 0);

	fd = HOST_CALL(H_HVRUN_HTAB_OPEN, 0, test_index(3), 0);
	forget();
	len = HOST_CALL(H_HVRUN_HTAB_READ, fd, (u64)BUF, 8 + 16 * 8);
	parse(BUF, len);
	ok(get_header(BUF).index == test_index(3) && seen[test_index(3) + 7].v == test_v(3),
	   "start_index is where it starts");
	HOST_CALL(H_HVRUN_HTAB_CLOSE, fd, 0, 0);
}

/* One record with one entry at BUF; the write's result. */
static long write_one(u64 fd, u64 index, u64 v, u64 r)
{
	u64 *e = (u64 *)(BUF + 8);

	put_header((struct header){ index, 1, 0 });
	e[0] = BE64(v);
	e[1] = BE64(r);
	return HOST_CALL(H_HVRUN_HTAB_WRITE, fd, (u64)BUF, 24);
}

static void test_write(void)
{
	long rd = HOST_CALL(H_HVRUN_HTAB_OPEN, 0, 0, 0), fd = HOST_CALL(H_HVRUN_HTAB_OPEN, FD_WRITE, 0, 0);
	struct entry before = read_entry(test_index(5) + 7), e;
	long len, done;

	len = read_pass(rd, BUF_LEN);
	HCALL(H_REMOVE, 0, test_index(5) + 7, 0);
	enter(H_EXACT, test_index(7) + 6, test_v(50), RPTE);
	done = HOST_CALL(H_HVRUN_HTAB_WRITE, fd, (u64)BUF, len);
	e = read_entry(test_index(5) + 7);
	ok(done == len && e.v == before.v && (e.r | R_RC) == (before.r | R_RC) &&
	   !(read_entry(test_index(7) + 6).v & V_VALID),
	   "a table written back is as it was (%ld of %ld bytes)", done, len);

	ok(write_one(fd, test_index(7) + 6, test_v(51), RPTE) == 24 &&
	   read_entry(test_index(7) + 6).v == test_v(51), "one entry alone");
	ok(write_one(fd, entries(), test_v(51), RPTE) == -EINVAL, "not one behind the end");
	ok(write_one(fd, test_index(7) + 6, test_v(51) & ~V_VALID, RPTE) == -EINVAL, "not one that is not valid");
	ok(write_one(fd, test_index(7) + 6, test_v(51) | V_LARGE, RPTE | 0xff000) == -EINVAL,
	   "not one of a page size that there is not");
	ok(write_one(fd, test_index(7) + 6, test_v(51) | 3ul << 62, RPTE) == -EINVAL,
	   "not one of a segment size that there is not");
	ok(HOST_CALL(H_HVRUN_HTAB_WRITE, fd, (u64)BUF, 4) == -EINVAL, "not half a header");
	ok(HOST_CALL(H_HVRUN_HTAB_WRITE, fd, (u64)BUF, 20) == -EINVAL, "not half an entry");
	ok(HOST_CALL(H_HVRUN_HTAB_READ, fd, (u64)BUF, 64) == -EBADF, "it can't be read from");
	HOST_CALL(H_HVRUN_HTAB_CLOSE, rd, 0, 0);
	HOST_CALL(H_HVRUN_HTAB_CLOSE, fd, 0, 0);
}

static volatile u64 spinning, stop_spinning;

static void spin(void *arg)
{
	(void)arg;
	while (!stop_spinning)
		spinning++;
}

static void test_write_while_running(void)
{
	long fd = HOST_CALL(H_HVRUN_HTAB_OPEN, FD_WRITE, 0, 0);

	if (boot_args.ncpus < 2) {
		skip("one vCPU", "a table is not written while another vCPU runs");
		return;
	}
	start_cpu(1, spin, NULL);
	while (!spinning)
		barrier();
	ok(write_one(fd, test_index(7) + 6, test_v(51), RPTE) == -EBUSY,
	   "a table is not written while another vCPU runs");
	HOST_CALL(H_HVRUN_HTAB_CLOSE, fd, 0, 0);
}

/* Bolted entries of every segment and page size, primary and secondary: v, r without the address, hash. */
static struct { const char *what; u64 v, r, hash; } places[] = {
	/* VSID 0x5a5, address 0x1234000 in it */
	{ "256M, 4K",  0x5a5ul << 12 | (0x1234000 >> 23) << 7, RPTE, 0x5a5 ^ 0x1234 },
	{ "256M, 64K", 0x5a5ul << 12 | (0x1230000 >> 23) << 7 | V_LARGE, RPTE | 0x1000, 0x5a5 ^ 0x123 },
	{ "256M, 16M", 0x5a5ul << 12 | (0x3000000 >> 23) << 7 | V_LARGE, RPTE | NOWHERE, 0x5a5 ^ 0x3 },
	/* VSID 0x2b, address 0x1234567000: up to 2^40 */
	{ "1T, 4K",    V_1TB | 0x2bul << 24 | (0x1234567000 >> 23) << 7, RPTE,
	  0x2bul ^ 0x2bul << 25 ^ 0x1234567 },
	{ "1T, 64K",   V_1TB | 0x2bul << 24 | (0x1234560000 >> 23) << 7 | V_LARGE, RPTE | 0x1000,
	  0x2bul ^ 0x2bul << 25 ^ 0x123456 },
	{ "1T, 16M",   V_1TB | 0x2bul << 24 | (0x1234000000 >> 23) << 7 | V_LARGE, RPTE | NOWHERE,
	  0x2bul ^ 0x2bul << 25 ^ 0x1234 },
};
#define PLACES (sizeof(places) / sizeof(places[0]))

static u64 place_index(u64 hash, bool secondary, u64 slot)
{
	return ((secondary ? ~hash : hash) & (entries() / 8 - 1)) * 8 + slot;
}

static long enter_places(void)
{
	long bad = 0;

	for (u64 i = 0; i < 2 * PLACES; i++) {
		bool secondary = i >= PLACES;
		u64 p = i % PLACES, index = place_index(places[p].hash, secondary, 4 + secondary);

		bad += enter(H_EXACT, index, places[p].v | V_VALID | V_BOLTED |
			     (secondary ? V_SECONDARY : 0), places[p].r) != H_SUCCESS;
	}
	return bad;
}

static long missing_places(void)
{
	long bad = 0;

	for (u64 i = 0; i < 2 * PLACES; i++) {
		bool secondary = i >= PLACES;
		u64 p = i % PLACES, index = place_index(places[p].hash, secondary, 4 + secondary);
		struct entry e = read_entry(index);

		if (e.v == (places[p].v | V_VALID | V_BOLTED | (secondary ? V_SECONDARY : 0)) &&
		    (e.r | R_RC) == places[p].r)
			continue;
		bad++;
		printf("# %s%s at %#lx: %lx %lx\n", places[p].what, secondary ? ", secondary" : "",
		       index, e.v, e.r);
	}
	return bad;
}

static long resize(bool commit, u64 order)
{
	return HOST_CALL(H_HVRUN_RESIZE_HPT, commit, order, 0);
}

static long prepare(u64 order)
{
	long rc = resize(false, order);

	for (int i = 0; i < 1000 && rc > 0; i++) {
		host_sleep(10);
		rc = resize(false, order);
	}
	return rc;
}

static void test_resize(void)
{
	u64 order = boot_args.hpt_order, fd = HOST_CALL(H_HVRUN_HTAB_OPEN, 0, 0, 0), a, b, was;
	long rc, bad = enter_places();

	ok(!bad, "bolted entries of all kinds (%ld refused)", bad);
	read_pass(fd, BUF_LEN);
	drain(fd);
	ok(resize(true, order + 1) == -ENXIO, "commit without a prepared table");
	ok(resize(false, 17) == -EINVAL && resize(false, 60) == -EINVAL, "no such sizes");
	ok(prepare(order + 2) == 0 && resize(false, 0) == 0 && resize(true, order + 2) == -ENXIO,
	   "a prepared table can be given up");
	rc = resize(false, order + 1);
	ok(rc > 0, "prepare says how long it may take (%ld ms)", rc);
	ok(prepare(order + 1) == 0, "and is ready some time");
	was = spinning;
	rc = resize(true, order + 1);
	boot_args.hpt_order += !rc;
	ok(!rc, "commit to a table of twice the size (%ld)", rc);
	bad = missing_places();
	ok(!bad, "the bolted entries are where they belong in it (%ld missing)", bad);
	bad = 0;
	for (u64 i = 0; i < entries(); i++) {
		struct entry e = read_entry(i);

		bad += (e.v & V_VALID) && !(e.v & V_BOLTED);
	}
	ok(!bad, "and no others (%ld)", bad);
	forget();
	read_pass(fd, BUF_LEN);
	bad = differences(false);
	ok(!bad, "a reader of the old table starts with the new one (%ld wrong)", bad);
	if (boot_args.ncpus > 1) {
		host_sleep(20);
		ok(spinning != was, "the other vCPU runs on");
	}

	/* two that only the largest bit of the hash tells apart */
	a = place_index(places[0].hash, false, 6);
	b = a ^ entries() / 2;
	enter(H_EXACT, a, places[0].v | V_VALID | V_BOLTED, places[0].r);
	enter(H_EXACT, b, (places[0].v ^ (entries() / 16) << 12) | V_VALID | V_BOLTED, places[0].r);
	prepare(order);
	rc = resize(true, order);
	ok(rc == -ENOSPC, "bolted entries that collide in a smaller table (%ld)", rc);
	ok(read_entry(a).v & V_VALID && read_entry(b).v & V_VALID && !missing_places(),
	   "the table stays as it is");
	HCALL(H_REMOVE, 0, b, 0);
	prepare(order);
	rc = resize(true, order);
	boot_args.hpt_order -= !rc;
	ok(!rc && !missing_places(), "back to the smaller one (%ld)", rc);
	HOST_CALL(H_HVRUN_HTAB_CLOSE, fd, 0, 0);
}

int main(void)
{
	if (entries() > MAX_ENTRIES / 4) {
		printf("Bail out! run with --hpt-order 18\n");
		return 1;
	}
	make_entries();
	test_read();
	test_write();
	test_write_while_running();
	test_resize();
	stop_spinning = 1;
	return tap_done();
}
