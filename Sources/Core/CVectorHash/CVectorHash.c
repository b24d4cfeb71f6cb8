// Places flows in buckets, many at once. The loops are written once, over vectors of LANES words, and compiled for each
// vector width; in Swift the rotations of such vectors become scalar on a baseline processor.

#include "CVectorHash.h"
#include "Mixes.h"

/// Results of more bytes than this are written past the caches, which could not hold them anyway.
enum { STREAMING_BYTES = 16 << 20 };

#define TARGET
#define LANES 8
#define PLACE place_base
#include "VectorHash.inc.h"

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2")))
#define LANES 16
#define PLACE place_avx2
#include "VectorHash.inc.h"

#define TARGET __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl"), min_vector_width(512)))
#define LANES 32
#define PLACE place_avx512
#include "VectorHash.inc.h"

bool clusterip_width_available(enum clusterip_width width)
{
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2");
    switch (width) {
    case CLUSTERIP_WIDTH_BASE:
        return true;
    case CLUSTERIP_WIDTH_AVX2:
        return avx2;
    case CLUSTERIP_WIDTH_AVX512:
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    }
    return false;
}

static size_t place_vectors(const struct clusterip_batch *batch, size_t first, bool streams, enum clusterip_width width)
{
    switch (width) {
    case CLUSTERIP_WIDTH_AVX512:
        return place_avx512(batch, first, streams);
    case CLUSTERIP_WIDTH_AVX2:
        return place_avx2(batch, first, streams);
    default:
        return place_base(batch, first, streams);
    }
}

#else

bool clusterip_width_available(enum clusterip_width width)
{
    return width == CLUSTERIP_WIDTH_BASE;
}

static size_t place_vectors(const struct clusterip_batch *batch, size_t first, bool streams, enum clusterip_width width)
{
    (void)width;
    return place_base(batch, first, streams);
}

#endif

static void place_one(const struct clusterip_batch *batch, size_t i)
{
    const enum clusterip_words words = batch->words;
    const bool swaps = words == CLUSTERIP_SOURCE_PORT_SWAPPED || words == CLUSTERIP_SOURCE_PORTS_SWAPPED;
    uint32_t a = batch->source[i], b = 0, c = 0;
    if (words == CLUSTERIP_SOURCE_SWAPPED)
        a = __builtin_bswap32(a);
    if (words >= CLUSTERIP_SOURCE_PORT)
        b = swaps ? __builtin_bswap16(batch->source_port[i]) : batch->source_port[i];
    if (words >= CLUSTERIP_SOURCE_PORTS)
        c = swaps ? __builtin_bswap16(batch->destination_port[i]) : batch->destination_port[i];
    a += batch->start[0];
    b += batch->start[1];
    c += batch->start[2];
    if (batch->lookup2)
        LOOKUP2_MIX(a, b, c);
    else
        LOOKUP3_FINAL(a, b, c);
    const uint32_t bucket = (uint32_t)((uint64_t)c * batch->nodes >> 32) + 1;
    if (batch->wide)
        batch->wide[i] = bucket;
    else
        batch->narrow[i] = (uint16_t)bucket;
}

void clusterip_place(const struct clusterip_batch *batch, enum clusterip_width width)
{
    const size_t size = batch->wide ? sizeof *batch->wide : sizeof *batch->narrow;
    const uintptr_t results = batch->wide ? (uintptr_t)batch->wide : (uintptr_t)batch->narrow;
    // Writing past the caches needs aligned vectors; results that are not even aligned to their size never are.
    const bool streams = batch->count * size > STREAMING_BYTES && results % size == 0;
    size_t i = 0;
    while (streams && (results + i * size) % 64 != 0)
        place_one(batch, i++);
    i = place_vectors(batch, i, streams, width);
    for (; i < batch->count; i++)
        place_one(batch, i);
}
