/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers that hvrun can set and show, besides r0..r31 and the SPRs of
 * tracepoints/sprs.h. Include it with REG(name, member of struct kvm_regs) and
 * ONE(name, KVM_REG_PPC_...) defined.
 */
REG(pc, pc)
REG(msr, msr)
REG(lr, lr)
REG(ctr, ctr)
REG(cr, cr)
REG(xer, xer)
REG(srr0, srr0)
REG(srr1, srr1)
REG(sprg0, sprg0)
REG(sprg1, sprg1)
REG(sprg2, sprg2)
REG(sprg3, sprg3)
ONE(dar, DAR)
ONE(dsisr, DSISR)
ONE(dpdes, DPDES)
ONE(fpscr, FPSCR)
ONE(vscr, VSCR)
ONE(lpcr, LPCR_64)
ONE(tb_offset, TB_OFFSET)
ONE(arch_compat, ARCH_COMPAT)

#undef REG
#undef ONE
