#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --cpus 2
# timeout: 3600
# hostile.sh with a million random hypercalls and a million with method.
# shellcheck disable=SC1091,SC2034
. /usr/lib/kvm-hv/tests/lib.inc
[ "${HV_LONG:-}" ] || skip_all "takes up to an hour: HV_LONG=1"
HV_HOSTILE_COUNT=1000000 HV_HOSTILE_LIMIT=3000
. "$(dirname "$0")/hostile.sh"
