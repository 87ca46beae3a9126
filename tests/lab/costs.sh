#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# host: --icount --append mitigations=off
# timeout: 600
# What an exit costs, in instructions.
# shellcheck disable=SC1091
. /usr/lib/kvm-hv/tests/lib.inc
. /usr/lib/kvm-hv/tests/costs.inc

costs off
