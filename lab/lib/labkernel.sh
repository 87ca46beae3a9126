# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# The lab kernel: the stock kernel's own source in a small configuration
# (lab/kernel.config) that has kvm-pr beside kvm-hv. Built once, kept in the cache.

# The whole source is 1.5 GB; Kconfig reads every folder's Kconfig, so only code
# is left out, of what no POWER host in a lab can have.
source_not_needed="*/Documentation/*/* */tools/testing/* */tools/perf/* */sound/*.[ch]
	*/drivers/gpu/*.[ch] */drivers/media/*.[ch] */drivers/net/*/*.[ch] */drivers/staging/*.[ch]"

lab_make() {
	make -C "$labkernel.tmp/src" ARCH=powerpc CROSS_COMPILE="$cross-" CC="$cross-gcc-$gccver" \
		KBUILD_BUILD_USER=kvm-hv KBUILD_BUILD_HOST=lab \
		KBUILD_BUILD_TIMESTAMP="$(date -u -r "$kernel/linux-source.tar.xz")" "$@"
}

# One kernel version for all that is compared.
source_is_stock() {
	versions=$(sed -n 's/^kernel linux-\(image\|source\)-[^_]*_\([^_]*\)_.*/\2/p' "$lock_file" | sort -u)
	[ "$(echo "$versions" | wc -l)" -eq 1 ] ||
		die "the archive's linux-source is not of the stock kernel's version: $(echo "$versions" | tr '\n' ' ')"
}

unpack_source() {
	set -f
	# shellcheck disable=SC2046,SC2086 # a list of patterns
	set -- $(printf -- '--exclude=%s ' $source_not_needed)
	set +f
	rm -rf "$labkernel.tmp" && mkdir -p "$labkernel.tmp/src" &&
		tar -xJf "$kernel/linux-source.tar.xz" -C "$labkernel.tmp/src" --strip-components=1 \
			--wildcards "$@"
}

# An option that a later kernel lost or another one overrides is an error.
configure_lab_kernel() {
	lab_make KCONFIG_ALLCONFIG="$root/lab/kernel.config" allnoconfig || return 1
	grep -E '^(# )?CONFIG_' "$root/lab/kernel.config" |
		grep -vxFf "$labkernel.tmp/src/.config" >"$labkernel.tmp/lost"
	[ ! -s "$labkernel.tmp/lost" ] || {
		echo "the kernel's configuration did not take:"
		cat "$labkernel.tmp/lost"
		return 1
	}
}

compile_lab_kernel() {
	lab_make -j"$(nproc)" vmlinux modules
}

compiled() {
	printf ', %d of about %d files' "$(grep -cE '^  (CC|AS) ' "$log")" "$lab_kernel_files"
}
lab_kernel_files=1100

# What a module is built against: headers, make files, the programs they call.
keep_build_tree() { # FROM TO
	mkdir -p "$2" && (
		cd "$1" && {
			echo Makefile
			echo .config
			echo Module.symvers
			echo scripts
			echo include
			echo arch/powerpc/include
			find arch/powerpc -maxdepth 1 -name 'Makefile*'
			find arch/powerpc/lib -name crtsavres.o
			find tools/objtool -maxdepth 1 -name objtool -type f
		} | tar -cf - -T -
	) | tar -xf - -C "$2"
}

collect_lab_kernel() {
	t=$labkernel.tmp
	lab_make INSTALL_MOD_PATH="$t" INSTALL_MOD_STRIP=1 modules_install || return 1
	rm -f "$t"/lib/modules/*/build "$t"/lib/modules/*/source
	cp "$t/src/vmlinux" "$t/src/System.map" "$t/" && cp "$t/src/.config" "$t/config" &&
		keep_build_tree "$t/src" "$t/tree" && rm -rf "$t/src" || return 1
	cp "$t/tree/include/config/kernel.release" "$t/version" || return 1
	rm -rf "$labkernel" && mv "$t" "$labkernel"
}

build_lab_kernel() {
	[ -e "$labkernel/version" ] && return
	source_is_stock
	run "unpacking the kernel's source for the lab kernel" "20 s" unpack_source
	run "configuring the lab kernel" "10 s" configure_lab_kernel
	progress=compiled
	run "building the lab kernel, which has kvm-pr" "5 min on 2 free CPUs" compile_lab_kernel
	progress=:
	run "keeping what the lab needs of it" "10 s" collect_lab_kernel
}

ensure_lab_kernel() {
	labkernel=$cache/$release/labkernel-$(grep linux-source "$lock_file" | key "$root/lab/kernel.config" "$lib/labkernel.sh")
	[ -e "$labkernel/version" ] || with_lock "$cache/labkernel.lock" build_lab_kernel
	touch "$labkernel"
	labkver=$(cat "$labkernel/version")
}
