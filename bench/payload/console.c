// SPDX-License-Identifier: GPL-2.0
/* printf on the virtual terminal (LoPAR, H_PUT_TERM_CHAR). */
#include "payload.h"

#define TERM_CHARS 16

static struct {
	char buf[TERM_CHARS] __attribute__((aligned(8)));
	unsigned int used;
	u32 lock;
} out;

static void lock(void)
{
	while (__atomic_exchange_n(&out.lock, 1, __ATOMIC_ACQUIRE))
		;
}

static void unlock(void)
{
	__atomic_store_n(&out.lock, 0, __ATOMIC_RELEASE);
}

static u64 big_endian(const char *p)
{
	u64 v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | (u8)p[i];
	return v;
}

static void flush(void)
{
	if (out.used)
		HCALL(H_PUT_TERM_CHAR, 0, out.used, big_endian(out.buf), big_endian(out.buf + 8));
	out.used = 0;
}

static void put(char c)
{
	out.buf[out.used++] = c;
	if (out.used == TERM_CHARS)
		flush();
}

struct spec {
	bool alt, zero, is_long;
	int width;
};

static const char *parse_spec(const char *p, struct spec *s)
{
	*s = (struct spec){ 0 };
	for (;; p++) {
		if (*p == '#')
			s->alt = true;
		else if (*p == '0')
			s->zero = true;
		else
			break;
	}
	for (; *p >= '0' && *p <= '9'; p++)
		s->width = s->width * 10 + *p - '0';
	for (; *p == 'l' || *p == 'z'; p++)
		s->is_long = true;
	return p;
}

static void put_number(u64 v, unsigned int base, bool negative, const struct spec *s)
{
	char digits[24];
	int n = 0, width = s->width;

	do
		digits[n++] = "0123456789abcdef"[v % base];
	while (v /= base);
	if (base == 16 && s->alt) {
		put('0');
		put('x');
		width -= 2;
	}
	width -= n + negative;
	while (!s->zero && width-- > 0)
		put(' ');
	if (negative)
		put('-');
	while (s->zero && width-- > 0)
		put('0');
	while (n)
		put(digits[--n]);
}

/* c d u x s p % with # 0 width l; nothing else */
int vprintf(const char *fmt, va_list ap)
{
	struct spec s;
	long d;

	lock();
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put(*fmt);
			continue;
		}
		fmt = parse_spec(fmt + 1, &s);
		switch (*fmt) {
		case 'c':
			put(va_arg(ap, int));
			break;
		case 's':
			for (const char *p = va_arg(ap, const char *); *p; p++)
				put(*p);
			break;
		case 'd':
			d = s.is_long ? va_arg(ap, long) : va_arg(ap, int);
			put_number(d < 0 ? -(u64)d : (u64)d, 10, d < 0, &s);
			break;
		case 'u':
			put_number(s.is_long ? va_arg(ap, u64) : va_arg(ap, u32), 10, false, &s);
			break;
		case 'p':
			s.is_long = s.alt = true;
			/* fall through */
		case 'x':
			put_number(s.is_long ? va_arg(ap, u64) : va_arg(ap, u32), 16, false, &s);
			break;
		default:
			put(*fmt);
		}
	}
	flush();
	unlock();
	return 0;
}

int printf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	return 0;
}
