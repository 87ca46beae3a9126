#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# long.sh [SECONDS]: fuzzes the reader of recordings, 600 s unless told otherwise. Takes
# libFuzzer where clang is installed, else the driver that ./hv test has built.
set -eu
seconds=${1:-600}
here=$(dirname "$(realpath "$0")")
root=$here/../..
work=$root/build/fuzz
mkdir -p "$work/corpus"

if ! command -v clang >/dev/null; then
	driver=$root/build/native/tests/fuzz/fuzz
	[ -x "$driver" ] || {
		echo "long.sh: no clang, and no $driver: run ./hv build" >&2
		exit 1
	}
	cd "$work"
	exec nice "$driver" "$seconds"
fi
libperf=$(python3 -c '
import json, sys
print(next(o["value"] for o in json.load(open(sys.argv[1])) if o["name"] == "libperf"))' \
	"$root/build/native/meson-info/intro-buildoptions.json")
# shellcheck disable=SC2046 # a list
clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -D_GNU_SOURCE -DHV_VERSION='"fuzz"' \
	-I"$root/tracepoints" -isystem "$libperf/include" $(pkg-config --cflags libtraceevent) \
	-o "$work/fuzz" "$here/target.c" "$root"/tools/common/*.c \
	$(for f in filter options recording report_data report_tables report_text; do echo "$root/tools/hvtrace/$f.c"; done) \
	"$libperf/lib/libperf.a" "$libperf/lib/libapi.a" -ltraceevent -lelf -lm
gcc -O1 -I"$root/tracepoints" -o "$work/seeds" "$here/seeds.c" "$root"/tests/unit/perfgen*.c
"$work/seeds" "$work/corpus"
cd "$work"
exec nice ./fuzz -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=20 -print_final_stats=1 corpus
