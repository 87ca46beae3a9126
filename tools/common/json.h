/* SPDX-License-Identifier: GPL-2.0 */
/* Writes JSON: commas, line ends and escapes. Keys are ours and plain; key NULL inside an array. */
#ifndef HV_JSON_H
#define HV_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct hv_json {
	FILE *out;
	unsigned int depth;
	bool some;	/* something stands before on this level */
};

void hv_json_open(struct hv_json *j, const char *key, char bracket);
void hv_json_close(struct hv_json *j, char bracket);
void hv_json_string(struct hv_json *j, const char *key, const char *text);
void hv_json_int(struct hv_json *j, const char *key, int64_t value);
void hv_json_uint(struct hv_json *j, const char *key, uint64_t value);
/* Not finite: null. */
void hv_json_real(struct hv_json *j, const char *key, double value);
void hv_json_bool(struct hv_json *j, const char *key, bool value);

#endif
