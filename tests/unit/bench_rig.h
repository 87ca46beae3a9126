/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of hvbench share: results made by hand, and a look at what it says of them. */
#ifndef BENCH_RIG_H
#define BENCH_RIG_H

#include "check.h"

/* A result file: one place, three rows, 8 samples each, one far out; h_enter and payload as told ("A,B": of each), from two boots */
void write_result(const char *path, double h_enter, const char *payload, const char *icount, const char *emulated);
/* A boot's partition switches */
void write_switches(const char *path, const char *backend, int n);
/* A run of one row, each another one: its samples, or why there are none */
void write_row(const char *path, const char *row, const char *rest);
#define SAMPLES(a, b) "\"counts\": [1, 1], \"ticks\": [" #a ", " #b "]"
void put(const char *path, const char *text);

extern char output[65536];

/* hvbench's status; in output what it says on standard error, and on standard output unless that goes elsewhere. */
int run_to(const char *args, const char *elsewhere);
int run(const char *args);

/* Makes $HVBENCH of its path, and a new folder to be in. Not 0 if it cannot. The end is for cmocka, after all tests. */
int bench_begin(const char *path);
int bench_end(void **state);

#endif
