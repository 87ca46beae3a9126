// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "screen.h"

#define MINUTE	60000000000ull

char *hvtop;
char recording[] = "/tmp/hvtop-screen.XXXXXX";
struct vt vt;

/* As often: 2 us in the guest, an hcall exit of 8 us, of which the hcall takes 3; then an exit that nothing ends. */
static void minute(struct gen *g, int vcpu, uint64_t req, int n)
{
	for (int i = 0; i < n; i++) {
		gen_enter(g, vcpu);
		gen_wait(g, 2000);
		gen_exit(g, vcpu, 0xc00);
		gen_wait(g, 5000);
		gen_hcall(g, vcpu, req);
		gen_wait(g, 3000);
	}
	gen_enter(g, vcpu);
	gen_wait(g, 1000);
	gen_exit(g, vcpu, 0x500);
}

static void vm(struct gen *g, uint32_t pid, uint32_t lpid)
{
	g->pid = pid;
	g->lpid = lpid;
}

/*
 * Minute 0: VM 77 with two vCPUs. 1: VM 88 besides. 2: 88 alone; 3: 88 alone, 77 is forgotten.
 * Each minute has vCPUs of its own, so that no exit lasts for a minute.
 */
static void make_recording(void)
{
	struct gen g;
	FILE *f;

	gen_start(&g, false, true);
	gen_time_conv(&g, 512000000);
	gen_comm(&g, 77, "hvrun");
	gen_comm(&g, 88, "qemu-system-ppc");
	vm(&g, 77, 3);
	minute(&g, 0, 0x8, 600);
	minute(&g, 1, 0xe0, 300);
	gen_wait(&g, MINUTE);
	minute(&g, 2, 0x8, 60);
	vm(&g, 88, 4);
	minute(&g, 0, 0x4, 6000);
	gen_wait(&g, MINUTE);
	minute(&g, 1, 0x4, 120);
	gen_wait(&g, MINUTE);
	minute(&g, 2, 0x4, 180);
	gen_wait(&g, MINUTE - 72700000);	/* what the others have taken, and a bit */
	gen_switch(&g, 2, true, 512);
	gen_finish(&g);
	f = fopen(recording, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(g.data, 1, g.len, f), g.len);
	fclose(f);
	gen_free(&g);
}

void start(int lines, int columns, const char *term)
{
	vt_start(&vt, lines, columns, term, (char *[]){ hvtop, "--replay", recording, "-d", "60", NULL });
}

void see(const char *text)
{
	if (!vt_wait(&vt, text))
		fail_msg("no \"%s\" on the screen:\n%s", text, vt.text);
}

void quit(void)
{
	vt_type(&vt, "q");
	assert_int_equal(vt_end(&vt), 0);
}

void check_line(int y, const char *want)
{
	assert_string_equal(vt_line(&vt, y), want);
}

int screen_begin(int argc, char *argv[])
{
	int fd;

	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	hvtop = argc == 2 ? realpath(argv[1], NULL) : NULL;
	fd = mkstemp(recording);
	if (!hvtop || fd < 0 || tool_begin() || chdir(tool_dir)) {
		fprintf(stderr, "usage: %s HVTOP\n", argv[0]);
		return -1;
	}
	close(fd);
	make_recording();
	return 0;
}

int screen_end(void **state)
{
	(void)state;
	unlink(recording);
	free(hvtop);
	return tool_end();
}
