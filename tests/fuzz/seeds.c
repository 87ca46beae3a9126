// SPDX-License-Identifier: GPL-2.0
/* seeds FOLDER: what libFuzzer starts from, one recording of each endianness and backend. */
#include <stdio.h>
#include "seeds.h"

int main(int argc, char *argv[])
{
	for (int i = 0; argc == 2 && i < NR_SEEDS; i++) {
		char path[4096];
		struct gen g;
		FILE *f;

		make_seed(&g, i);
		snprintf(path, sizeof(path), "%s/seed%d", argv[1], i);
		f = fopen(path, "w");
		if (!f || fwrite(g.data, 1, g.len, f) != g.len || fclose(f)) {
			perror(path);
			return 1;
		}
		gen_free(&g);
	}
	return argc != 2;
}
