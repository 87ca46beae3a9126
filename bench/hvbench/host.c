// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/utsname.h>
#include "../../tools/common/util.h"
#include "../workloads/settle.h"
#include "child.h"
#include "host.h"
#include "result.h"

#define ICOUNT_TICK 1.953125	/* -icount shift=0: an instruction is 1 ns, the timebase has 512 MHz */

/* A small file's first line, "" if there is none. Freed by the caller. */
static char *line_of(const char *path)
{
	size_t len;
	char *s = hv_read_file(path, &len);

	if (!s)
		return hv_strdup("");
	s[strcspn(s, "\n")] = '\0';
	hv_printable(s);
	return s;
}

static void set(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, json_string(value));
}

static void set_line(json_t *object, const char *key, const char *path)
{
	char *s = line_of(path);

	set(object, key, s);
	free(s);
}

/* "key : value" of /proc/cpuinfo and the like; "" if there is none. Freed by the caller. */
static char *field_of(const char *path, const char *key)
{
	char *all = hv_read_file(path, &(size_t){ 0 }), *save = NULL, *found = NULL;

	for (char *l = all ? strtok_r(all, "\n", &save) : NULL; l && !found; l = strtok_r(NULL, "\n", &save))
		if (!strncmp(l, key, strlen(key)) && strchr(l, ':'))
			found = hv_strdup(strchr(l, ':') + 1 + strspn(strchr(l, ':') + 1, " \t"));
	free(all);
	if (found)
		hv_printable(found);
	return found ? found : hv_strdup("");
}

static void set_field(json_t *object, const char *key, const char *path, const char *name)
{
	char *s = field_of(path, name);

	set(object, key, s);
	free(s);
}

char *host_hash(const char *path)
{
	char *argv[] = { "sha256sum", "--", (char *)path, NULL }, hash[65] = "";
	struct child c;
	int n;

	if (access(path, R_OK)) {
		hv_error("%s: %s", path, strerror(errno));
		return NULL;
	}
	if (child_start(argv, NULL, &c))
		return NULL;
	n = fscanf(c.out, "%64[0-9a-f]", hash);
	if (child_end(&c) || n != 1 || strlen(hash) != 64) {
		hv_error("%s: sha256sum does not work", path);
		return NULL;
	}
	return hv_strdup(hash);
}

/* Events that are on; a figure with tracing is another figure. */
static void set_tracing(json_t *env)
{
	static const char *const systems[] = { "kvm", "kvm_hv", "kvm_pr" };
	char text[256] = "", path[128];

	for (size_t i = 0; i < ARRAY_SIZE(systems); i++) {
		char *on;

		snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/enable", systems[i]);
		on = line_of(path);
		if (*on && strcmp(on, "0"))
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", *text ? " " : "", systems[i]);
		free(on);
	}
	set(env, "tracing", *text ? text : access("/sys/kernel/tracing/events", R_OK) ? "not known" : "off");
}

/* Each of the processor's weaknesses and what the kernel does about it. */
static void set_vulnerabilities(json_t *env)
{
	json_t *all = json_object();
	glob_t g = { 0 };

	if (!glob("/sys/devices/system/cpu/vulnerabilities/*", 0, NULL, &g))
		for (size_t i = 0; i < g.gl_pathc; i++)
			set_line(all, strrchr(g.gl_pathv[i], '/') + 1, g.gl_pathv[i]);
	globfree(&g);
	json_object_set_new(env, "vulnerabilities", all);
}

/* Who else works here */
static void set_others(json_t *env)
{
	int percent = settle();
	char number[16];

	if (percent > SETTLED_PERCENT)
		fprintf(stderr, "hvbench: others use %d %% of this host: figures will have outliers\n", percent);
	snprintf(number, sizeof(number), "%d", percent);
	set(env, "others_percent", number);
}

static void set_kernel(json_t *env)
{
	char path[256], *hash;
	struct utsname u;

	uname(&u);
	set(env, "kernel", u.release);
	set(env, "kernel_build", u.version);
	set_line(env, "kernel_command_line", "/proc/cmdline");
	snprintf(path, sizeof(path), "/boot/config-%s", u.release);
	hash = access(path, R_OK) ? NULL : host_hash(path);
	if (hash)
		set(env, "kernel_config_sha256", hash);
	free(hash);
}

static json_t *environment(void)
{
	json_t *env = json_object();
	char number[32];

	set_field(env, "processor", "/proc/cpuinfo", "cpu");
	set_field(env, "revision", "/proc/cpuinfo", "revision");
	set_field(env, "model", "/proc/cpuinfo", "model");
	set_field(env, "mmu", "/proc/cpuinfo", "MMU");
	snprintf(number, sizeof(number), "%ld", sysconf(_SC_NPROCESSORS_ONLN));
	set(env, "cpus", number);
	snprintf(number, sizeof(number), "%ld", sysconf(_SC_PAGESIZE));
	set(env, "page_size", number);
	set_field(env, "memory", "/proc/meminfo", "MemTotal");
	set_kernel(env);
	set_tracing(env);
	set_others(env);
	set_vulnerabilities(env);
	set_line(env, "module_version", "/sys/module/kvm_hv/version");
	set_line(env, "module_srcversion", "/sys/module/kvm_hv/srcversion");
	set(env, "hvbench", HV_VERSION);
	set(env, "compiler", "gcc " __VERSION__);
	return env;
}

static char *machine_name(void)
{
	char *cpu = field_of("/proc/cpuinfo", "cpu"), *p;

	cpu[strcspn(cpu, " ,(")] = '\0';
	for (p = cpu; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p;
	return cpu;
}

/* Ours has a version, which the kernel's own modules have not. */
static const char *loaded_backend(void)
{
	bool pr = !access("/sys/module/kvm_pr", F_OK), hv = !access("/sys/module/kvm_hv", F_OK);

	if (pr && !hv)
		return "pr";
	return hv && !access("/sys/module/kvm_hv/version", F_OK) ? "hv" : hv ? "stock" : NULL;
}

static double timebase_hz(void)
{
	char *s = field_of("/proc/cpuinfo", "timebase");
	double hz = atof(s);

	free(s);
	return hz;
}

int host_check_names(const char *machine, const char *backend)
{
	if (machine && !result_is_name(machine))
		return hv_error("bad --machine '%s': give a word", machine);
	return backend && !result_is_name(backend) ? hv_error("bad --backend '%s': give a word", backend) : 0;
}

json_t *host_run(const char *suite, const char *machine, const char *backend)
{
	const char *icount = getenv("HV_ICOUNT");
	char *model = field_of("/proc/cpuinfo", "model"), *boot = line_of("/proc/sys/kernel/random/boot_id");
	char *name = machine ? hv_strdup(machine) : machine_name(), *command_line = line_of("/proc/cmdline");
	bool emulated = strstr(model, "emulated");
	char date[32];
	time_t now = time(NULL);
	json_t *run = NULL;

	backend = backend ? backend : loaded_backend();
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	if (!backend)
		hv_error("no KVM backend is loaded: modprobe kvm-hv or kvm-pr first");
	else if (!(timebase_hz() > 0))
		hv_error("/proc/cpuinfo has no timebase: this is no POWER machine");
	else
		run = json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:b, s:f, s:o, s:o, s:[]}",
				"suite", suite, "date", date, "boot", boot, "run", 1, "machine", name, "backend", backend,
				"mitigations", strstr(command_line, "mitigations=off") ? "off" : "auto",
				"emulated", emulated, "timebase_hz", timebase_hz(), "instructions_per_tick",
				emulated && icount && *icount ? json_real(ICOUNT_TICK) : json_null(),
				"environment", environment(), "rows");
	free(model);
	free(boot);
	free(name);
	free(command_line);
	return run;
}
