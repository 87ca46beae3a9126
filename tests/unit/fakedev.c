// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <unistd.h>
#include "check.h"
#include "fakedev.h"

static void put(int fd, const void *data, size_t size, unsigned int more)
{
	static const char zeros[64];

	assert_int_equal(write(fd, data, size), size);
	assert_int_equal(write(fd, zeros, more), more);
}

void fake_write(const struct fake_dev *f)
{
	struct hv_stats_head head = {
		.magic = HV_STATS_MAGIC, .version = HV_DEV_VERSION, .size = sizeof(head) + f->more,
		.tb = f->tb, .tb_hz = FAKE_HZ, .enabled = 1, .buckets = HV_STATS_BUCKETS,
	};
	int fd = open(FAKE_DEV, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	put(fd, &head, sizeof(head), f->more);
	for (unsigned int i = 0; i < f->nr; i++) {
		struct hv_stats_vcpu v = f->vcpus[i].v;

		v.size = sizeof(v) + f->more;
		v.row_size = sizeof(struct hv_stats_row) + f->more;
		put(fd, &v, sizeof(v), f->more);
		for (unsigned int r = 0; r < v.rows; r++)
			put(fd, &f->vcpus[i].rows[r], sizeof(struct hv_stats_row), f->more);
	}
	close(fd);
}

struct fake_vcpu *fake_add(struct fake_dev *f, int pid, unsigned int lpid, unsigned int id)
{
	struct fake_vcpu *v = &f->vcpus[f->nr++];

	*v = (struct fake_vcpu){ .v = { .pid = pid, .tid = pid, .lpid = lpid, .vcpu_id = id, .created = f->tb, .since = f->tb } };
	return v;
}

void fake_count(struct fake_vcpu *v, unsigned int kind, __u64 number, __u64 n, __u64 ticks, int stayed)
{
	unsigned int bucket = 63 - __builtin_clzll(ticks | 1);
	struct hv_stats_row *row = v->rows;

	while (row < v->rows + v->v.rows && (row->kind != kind || row->number != number))
		row++;
	if (row == v->rows + v->v.rows)
		v->v.rows++;
	row->kind = kind;
	row->number = number;
	row->bucket[bucket < HV_STATS_BUCKETS ? bucket : HV_STATS_BUCKETS - 1] += n;
	if (stayed)
		row->stayed_ticks += n * ticks;
	else
		row->left_ticks += n * ticks;
	if (stayed)
		v->v.stayed += n;
	else
		v->v.stays += n;
}
