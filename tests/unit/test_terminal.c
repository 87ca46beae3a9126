// SPDX-License-Identifier: GPL-2.0
/* hvtop and its terminal: kinds and sizes, colours, the mouse, and what is left when it ends. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "fakedev.h"
#include "screen.h"

static void test_signals_leave_the_terminal_as_it_was(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct termios is;
	siginfo_t info;

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		start(24, 80, "xterm");
		see("hvtop 60.000 s");
		assert_int_equal(tcgetattr(vt.fd, &is), 0);
		assert_false(is.c_lflag & ICANON);
		assert_int_equal(kill(vt.pid, signals[i]), 0);
		assert_int_equal(waitid(P_PID, vt.pid, &info, WEXITED | WNOWAIT), 0);
		assert_int_equal(tcgetattr(vt.fd, &is), 0);
		assert_true(is.c_lflag & ICANON && is.c_lflag & ECHO);
		assert_int_equal(vt_end(&vt), 0);
	}
}

static void test_terminals_that_will_not_do(void **state)
{
	static const char *const terms[] = { "dumb", "no-such-terminal" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		start(24, 80, terms[i]);
		see("use -b for plain text");
		see(terms[i]);
		assert_int_equal(vt_end(&vt), 1);
	}
}

static void test_resize(void **state)
{
	(void)state;
	start(24, 80, "vt100");
	see("hvtop 60.000 s");
	vt_resize(&vt, 8, 40);
	see("too small: needs 60x12");
	/* no column and no number is cut */
	vt_resize(&vt, 12, 60);
	see("F7Revers");
	check_line(1, "2 vCPUs: 15 exits/s, 15 hcalls/s; guest 20% real 0% hv 65%");
	check_line(2, "VMM        PID vCPU exits/s hcall/s   sw/s gu% rm% hv% us%");
	check_line(3, "hvrun       77    -      15      15      0  20   0  70   0");
	vt_resize(&vt, 30, 120);
	see("LPID  mean us");
	vt_type(&vt, "n");
	see("hvtop 120.000 s");
	check_line(3, "qemu-system-ppc     88    -     100     100      0  20   0  80   0   0     8.00     8.00    4     8.00");
	see("F10Quit");
	check_line(29, "F1Help  F2DetailF3SearchF4FilterF5Tree  F6Sort> F7ReversF8Pause F9Delay F10Quit");
	quit();
}

static void test_colours(void **state)
{
	(void)state;
	unsetenv("NO_COLOR");
	start(24, 80, "xterm");
	see("hvtop 60.000 s");
	assert_true(vt.coloured);
	quit();
	setenv("NO_COLOR", "1", 1);
	start(24, 80, "xterm");
	see("hvtop 60.000 s");
	assert_false(vt.coloured);
	quit();
	unsetenv("NO_COLOR");
}

static void test_mouse(void **state)
{
	(void)state;
	start(24, 80, "xterm");
	see("hvtop 60.000 s");
	/* xterm's SGR encoding: button 1 pressed and released in column 5, line 6, which is vCPU 1 */
	vt_type(&vt, "\033[<0;5;6M");
	see("F10Quit");
	vt_type(&vt, "\033[<0;5;6m");
	see("F10Quit");
	vt_type(&vt, "\r");
	see("vCPU 1 of hvrun (77), 60.0 s:");
	quit();
}

/* An xterm has a second screen for programs like this: what was said there is gone with it. */
static void test_error_comes_after_the_screen(void **state)
{
	struct fake_dev f = { .tb = 1000 * FAKE_HZ };

	(void)state;
	fake_write(&f);
	vt_start(&vt, 24, 80, "xterm", (char *[]){ hvtop, "-d", "3600", NULL });
	see("first numbers in 3600 s");
	assert_int_equal(truncate(FAKE_DEV, 3), 0);
	vt_type(&vt, "n");
	see("hvtop: /dev/kvm-hv: the backend that is loaded has another version");
	assert_int_equal(vt_end(&vt), 1);
	unlink(FAKE_DEV);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_leave_the_terminal_as_it_was),
		cmocka_unit_test(test_terminals_that_will_not_do),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_error_comes_after_the_screen),
	};

	return screen_begin(argc, argv) ? 1 : cmocka_run_group_tests(tests, NULL, screen_end);
}
