// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "symbols.h"
#include "util.h"

/* Where Linux on 64-bit Book3S links its kernel: effective addresses of the linear map have these bits on top. */
#define LINEAR_MAP	0xc000000000000000ull
/* More than any kernel has; a damaged file must not eat the memory. */
#define MAX_SYMBOLS	(4u << 20)

struct symbol {
	uint64_t addr;
	char *name;
};

struct hv_symbols {
	struct symbol *symbols;	/* sorted */
	size_t nr, room;
};

static void add(struct hv_symbols *s, uint64_t addr, const char *name, size_t len)
{
	if (s->nr == MAX_SYMBOLS)
		return;
	if (s->nr == s->room) {
		s->room = s->room ? 2 * s->room : 4096;
		s->symbols = hv_grow(s->symbols, s->room, sizeof(*s->symbols));
	}
	s->symbols[s->nr].addr = addr;
	s->symbols[s->nr].name = hv_alloc(len + 1);
	memcpy(s->symbols[s->nr].name, name, len);
	hv_printable(s->symbols[s->nr++].name);
}

static void add_section(struct hv_symbols *s, Elf *elf, Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t nr = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0;
	GElf_Sym sym;

	for (size_t i = 0; i < nr; i++) {
		const char *name;

		if (!gelf_getsym(data, i, &sym) || sym.st_shndx == SHN_UNDEF || sym.st_shndx >= SHN_LORESERVE)
			continue;
		/* Assembly's entry points have no type. */
		if (GELF_ST_TYPE(sym.st_info) != STT_FUNC && GELF_ST_TYPE(sym.st_info) != STT_NOTYPE)
			continue;
		name = elf_strptr(elf, header->sh_link, sym.st_name);
		if (name && *name && *name != '.' && *name != '$')
			add(s, sym.st_value, name, strlen(name));
	}
}

static int read_elf(struct hv_symbols *s, const char *path, int fd)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	while (elf && (scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &header) && header.sh_type == SHT_SYMTAB)
			add_section(s, elf, scn, &header);
	if (elf)
		elf_end(elf);
	return s->nr ? 0 : hv_error("%s: has no symbol table: it is stripped, or damaged", path);
}

/* "c000000000000000 T _text", one a line; T, t, W, w are code. */
static int read_map(struct hv_symbols *s, const char *path, FILE *in)
{
	char line[1024], *end;

	while (fgets(line, sizeof(line), in)) {
		uint64_t addr = strtoull(line, &end, 16);

		if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
			return hv_error("%s: neither a System.map nor an ELF file", path);
		if (strchr("TtWw", end[1]))
			add(s, addr, end + 3, strcspn(end + 3, "\t\n"));
	}
	if (ferror(in))
		return hv_error("%s: cannot read: %s", path, strerror(errno));
	return s->nr ? 0 : hv_error("%s: no functions in it", path);
}

static int by_addr(const void *pa, const void *pb)
{
	const struct symbol *a = pa, *b = pb;

	return (a->addr > b->addr) - (a->addr < b->addr);
}

struct hv_symbols *hv_symbols_read(const char *path)
{
	struct hv_symbols *s = hv_alloc(sizeof(*s));
	FILE *in = fopen(path, "re");
	char magic[4] = "";
	int ret;

	if (!in) {
		hv_error("%s: cannot open: %s", path, strerror(errno));
		hv_symbols_free(s);
		return NULL;
	}
	if (fread(magic, 1, sizeof(magic), in) == sizeof(magic) && !memcmp(magic, ELFMAG, SELFMAG)) {
		ret = read_elf(s, path, fileno(in));
	} else {
		rewind(in);
		ret = read_map(s, path, in);
	}
	fclose(in);
	if (ret) {
		hv_symbols_free(s);
		return NULL;
	}
	qsort(s->symbols, s->nr, sizeof(*s->symbols), by_addr);
	return s;
}

void hv_symbols_free(struct hv_symbols *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nr; i++)
		free(s->symbols[i].name);
	free(s->symbols);
	free(s);
}

const char *hv_symbols_find(const struct hv_symbols *s, uint64_t addr)
{
	size_t low = 0, high = s->nr;

	if (s->symbols[0].addr >= LINEAR_MAP && addr < LINEAR_MAP)
		addr |= LINEAR_MAP;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (s->symbols[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	/* Past the last one is past the kernel's text: modules, or nothing. */
	return low && low < s->nr ? s->symbols[low - 1].name : NULL;
}
