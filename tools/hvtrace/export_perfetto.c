// SPDX-License-Identifier: GPL-2.0
/*
 * Perfetto's native format: a protobuf message Trace of TracePackets that hold
 * TrackDescriptors and TrackEvents. Only the few fields that are needed, by their
 * numbers (protos/perfetto/trace in Perfetto's source).
 */
#include <stdlib.h>
#include <string.h>
#include "../common/names.h"
#include "../common/util.h"
#include "export.h"

enum {
	TRACE_PACKET = 1,
	PACKET_TIMESTAMP = 8, PACKET_SEQUENCE = 10, PACKET_EVENT = 11, PACKET_DESCRIPTOR = 60,
	DESCRIPTOR_UUID = 1, DESCRIPTOR_NAME = 2, DESCRIPTOR_PROCESS = 3, DESCRIPTOR_PARENT = 5,
	PROCESS_PID = 1, PROCESS_NAME = 6,
	EVENT_TYPE = 9, EVENT_TRACK = 11, EVENT_NAME = 23,
	SLICE_BEGIN = 1, SLICE_END = 2,
	WIRE_VARINT = 0, WIRE_BYTES = 2,
};

/* Every message here is small: a few numbers and two short names. */
struct message {
	unsigned char bytes[512];
	size_t len;
};

static void put_varint(struct message *m, uint64_t v)
{
	do {
		m->bytes[m->len++] = (v & 0x7f) | (v > 0x7f ? 0x80 : 0);
		v >>= 7;
	} while (v);
}

static void put_number(struct message *m, int field, uint64_t v)
{
	put_varint(m, field << 3 | WIRE_VARINT);
	put_varint(m, v);
}

static void put_bytes(struct message *m, int field, const void *bytes, size_t len)
{
	put_varint(m, field << 3 | WIRE_BYTES);
	put_varint(m, len);
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
}

static void put_message(struct message *m, int field, const struct message *sub)
{
	put_bytes(m, field, sub->bytes, sub->len);
}

/*
 * A vCPU has a track for each kind of span that others of its kind never
 * overlap, so that no slice has to nest in another.
 */
static const char *const lanes[] = { "", " hypercall", " waits", " switch" };

static int lane_of(enum hv_span_kind kind)
{
	switch (kind) {
	case HV_SPAN_HCALL:
		return 1;
	case HV_SPAN_USER:
	case HV_SPAN_IDLE:
	case HV_SPAN_REAL:
		return 2;
	case HV_SPAN_SWITCH_IN:
	case HV_SPAN_SWITCH_OUT:
		return 3;
	default:
		return 0;
	}
}

#define PROCESS_UUID(pid)	(1ull << 40 | (uint32_t)(pid))
#define TRACK_UUID(index, lane)	(1 + (index) * ARRAY_SIZE(lanes) + (lane))

static void write_packet(FILE *out, const struct message *packet)
{
	struct message head = { .len = 0 };

	put_varint(&head, TRACE_PACKET << 3 | WIRE_BYTES);
	put_varint(&head, packet->len);
	fwrite(head.bytes, 1, head.len, out);
	fwrite(packet->bytes, 1, packet->len, out);
}

static void write_descriptor(FILE *out, const struct message *descriptor)
{
	struct message packet = { .len = 0 };

	put_number(&packet, PACKET_SEQUENCE, 1);
	put_message(&packet, PACKET_DESCRIPTOR, descriptor);
	write_packet(out, &packet);
}

static void describe_process(struct export *x, const struct hv_vcpu *v)
{
	const char *vmm = export_vmm(x, v);
	struct message process = { .len = 0 }, descriptor = { .len = 0 };

	put_number(&process, PROCESS_PID, v->pid);
	put_bytes(&process, PROCESS_NAME, vmm, strlen(vmm));
	put_number(&descriptor, DESCRIPTOR_UUID, PROCESS_UUID(v->pid));
	put_message(&descriptor, DESCRIPTOR_PROCESS, &process);
	write_descriptor(x->out, &descriptor);
}

static void describe_tracks(struct export *x, const struct hv_vcpu *v, size_t index)
{
	for (size_t lane = 0; lane < ARRAY_SIZE(lanes); lane++) {
		struct message descriptor = { .len = 0 };
		char name[64], lpid[32] = "";

		if (v->lpid >= 0)
			snprintf(lpid, sizeof(lpid), "LPID %d ", (int)v->lpid);
		snprintf(name, sizeof(name), "%svCPU %d%s", lpid, v->id, lanes[lane]);
		put_number(&descriptor, DESCRIPTOR_UUID, TRACK_UUID(index, lane));
		put_bytes(&descriptor, DESCRIPTOR_NAME, name, strlen(name));
		put_number(&descriptor, DESCRIPTOR_PARENT, PROCESS_UUID(v->pid));
		write_descriptor(x->out, &descriptor);
	}
}

/* It makes the tracks' ids. */
static size_t index_of(struct export *x, const struct hv_vcpu *v)
{
	enum export_news news;
	size_t index = export_vcpu_index(x->own, v, &news);

	if (news == NEWS_PROCESS)
		describe_process(x, v);
	if (news != NEWS_NONE)
		describe_tracks(x, v, index);
	return index;
}

static void write_event(struct export *x, uint64_t when, int type, uint64_t track, const char *name)
{
	struct message event = { .len = 0 }, packet = { .len = 0 };

	put_number(&event, EVENT_TYPE, type);
	put_number(&event, EVENT_TRACK, track);
	if (name)
		put_bytes(&event, EVENT_NAME, name, strlen(name));
	put_number(&packet, PACKET_TIMESTAMP, when);
	put_number(&packet, PACKET_SEQUENCE, 1);
	put_message(&packet, PACKET_EVENT, &event);
	write_packet(x->out, &packet);
}

static int perfetto_begin(struct export *x)
{
	x->own = hv_alloc(sizeof(struct export_vcpus));
	return 0;
}

static int perfetto_span(struct export *x, const struct hv_vcpu *v, const struct hv_span *span)
{
	uint64_t track = TRACK_UUID(index_of(x, v), lane_of(span->kind));
	char name[HV_NAME_MAX];

	write_event(x, span->start, SLICE_BEGIN, track, span_name(span, name, sizeof(name)));
	write_event(x, span->end, SLICE_END, track, NULL);
	return 0;
}

static int perfetto_end(struct export *x)
{
	export_vcpus_free(x->own);
	return 0;
}

const struct export_format export_perfetto = {
	.name = "perfetto", .help = "Perfetto's own format, for ui.perfetto.dev and trace_processor",
	.begin = perfetto_begin, .span = perfetto_span, .end = perfetto_end,
};
