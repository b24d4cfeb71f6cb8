// Reads flow lines without a branch per digit: masks of 64 bytes give the ends of all numbers of a line at once, and both
// addresses are turned into numbers side by side in one vector.

#include "CFlowLines.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#define INLINE static inline __attribute__((always_inline)) TARGET

/// How far beyond the start of a line the loads may reach, whatever its bytes are.
enum { REACH = 160 };

/// "tcp ", "udp " and " -> " as they are loaded.
static const uint32_t TCP = 0x20706374, UDP = 0x20706475, ARROW = 0x203e2d20;

bool clusterip_lines_available(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

INLINE uint32_t load32(const uint8_t *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

INLINE uint64_t load64(const uint8_t *from)
{
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

/// The lowest position of a mask, which is taken out; 64 when it is empty.
INLINE uint64_t take(uint64_t *mask)
{
    const uint64_t position = _tzcnt_u64(*mask);
    *mask = _blsr_u64(*mask);
    return position;
}

/// The next four positions of a mask, one a byte.
INLINE uint64_t take_four(uint64_t *mask)
{
    const uint64_t a = take(mask), b = take(mask), c = take(mask), d = take(mask);
    return a | b << 8 | c << 16 | d << 24;
}

INLINE uint64_t bits(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

/// The number of one to five digits, at most 65535; sets the highest bit of `bad` when it is none.
INLINE uint64_t port(const uint8_t *text, uint64_t length, uint64_t *bad)
{
    const uint64_t digits = (load64(text) ^ 0x3030303030303030) << (-length * 8 & 63);
    // Neighbouring digits, then pairs, then fours are joined to one number.
    const uint64_t pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
    const uint64_t fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
    const uint64_t value = (uint32_t)(fours * 10000 + (fours >> 32));
    *bad |= (length - 1) | (5 - length) | (65535 - value);
    return value;
}

/// Two dotted quads with a colon behind each: `ends` has the positions of the dots and of the colon, a byte each, those
/// of the first address lowest, relative to where each begins. Not zero in `bad` when one is none: a number of no or
/// more than three digits, above 255 or with a leading zero, or another separator.
INLINE __m256i addresses(const uint8_t *first, const uint8_t *second, uint64_t ends, __m256i *bad)
{
    const __m256i window = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)first)), _mm_loadu_si128((const __m128i *)second), 1);
    // A number has a lane of four bytes, which ends with its separator.
    const __m256i positions = _mm256_set1_epi64x((int64_t)ends);
    const __m256i end = _mm256_shuffle_epi8(positions, _mm256_setr_epi8(
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7));
    const __m256i before = _mm256_shuffle_epi8(positions, _mm256_setr_epi8(
        -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, -1, -1, -1, -1, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6));
    const __m256i start = _mm256_add_epi8(before, _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)));
    const __m256i index = _mm256_add_epi8(end, _mm256_set1_epi32(0x00fffefd));
    // What stands before the number becomes 0.
    const __m256i outside = _mm256_cmpgt_epi8(start, index);
    const __m256i bytes = _mm256_shuffle_epi8(
        _mm256_xor_si256(window, _mm256_set1_epi8('0')), _mm256_or_si256(index, outside));
    const __m256i numbers = _mm256_madd_epi16(
        _mm256_maddubs_epi16(bytes, _mm256_set1_epi32(0x00010a64)), _mm256_set1_epi16(1));

    const __m256i length = _mm256_sub_epi8(end, start);
    const __m256i separators = _mm256_and_si256(_mm256_set1_epi32((int)0xff000000), _mm256_xor_si256(
        bytes, _mm256_setr_epi32(0x1e000000, 0x1e000000, 0x1e000000, 0x0a000000, 0x1e000000, 0x1e000000, 0x1e000000,
            0x0a000000)));
    // The least number of one, two and three digits; 255 for no digit.
    const __m256i least = _mm256_shuffle_epi8(
        _mm256_broadcastsi128_si256(_mm_setr_epi8(-1, 0, 10, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        _mm256_or_si256(length, _mm256_set1_epi32((int)0x80808000)));
    const __m256i ranges = _mm256_or_si256(
        _mm256_cmpgt_epi32(least, numbers), _mm256_cmpgt_epi32(numbers, _mm256_set1_epi32(255)));
    *bad = _mm256_or_si256(
        _mm256_or_si256(separators, ranges), _mm256_cmpgt_epi8(length, _mm256_set1_epi8(3)));
    // The four numbers of a lane as one, the first uppermost.
    return _mm256_shuffle_epi8(numbers, _mm256_broadcastsi128_si256(_mm_setr_epi8(
        12, 8, 4, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)));
}

/// Reads a line to the index behind the last; returns its length with the newline, 0 when it is not of the form.
INLINE size_t read_line(const uint8_t *line, const struct clusterip_lines *lines, size_t index)
{
    const __m256i low = _mm256_loadu_si256((const __m256i *)line);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(line + 32));
    const __m256i newline = _mm256_set1_epi8('\n'), up = _mm256_set1_epi8(0x7f - '9'), least = _mm256_set1_epi8(0x75);
    const uint64_t newlines = bits(_mm256_cmpeq_epi8(low, newline), _mm256_cmpeq_epi8(high, newline));
    const uint64_t digits = bits(
        _mm256_cmpgt_epi8(_mm256_add_epi8(low, up), least), _mm256_cmpgt_epi8(_mm256_add_epi8(high, up), least));

    const uint8_t *text = line + 4;
    uint64_t rest = ~digits >> 4;
    const uint64_t source_ends = take_four(&rest);
    const uint64_t source_end = take(&rest), source_colon = source_ends >> 24;
    const uint8_t *second = text + source_end + 4;
    rest = ~digits >> ((source_end + 8) & 63);
    const uint64_t destination_ends = take_four(&rest);
    const uint64_t end = take(&rest), colon = destination_ends >> 24;

    __m256i bad_addresses;
    uint64_t bad_ports = 0;
    const __m256i both = addresses(text, second, source_ends | destination_ends << 32, &bad_addresses);
    const uint64_t source_port = port(text + source_colon + 1, source_end - source_colon - 1, &bad_ports);
    const uint64_t destination_port = port(second + colon + 1, end - colon - 1, &bad_ports);
    const uint64_t length = _tzcnt_u64(newlines) + 1;
    const uint32_t name = load32(line);
    // Without branches: which of the two protocols a line has cannot be foreseen.
    const uint64_t bad_name = (uint64_t)(name != TCP) & (uint64_t)(name != UDP);
    const uint64_t bad = bad_name | (load32(second - 4) ^ ARROW) | (length ^ (source_end + end + 9)) | bad_ports >> 63
        | (uint64_t)(source_end > 40);
    if (bad != 0 || !_mm256_testz_si256(bad_addresses, bad_addresses))
        return 0;
    lines->source[index] = (uint32_t)_mm_cvtsi128_si32(_mm256_castsi256_si128(both));
    lines->destination[index] = (uint32_t)_mm_cvtsi128_si32(_mm256_extracti128_si256(both, 1));
    lines->source_port[index] = (uint16_t)source_port;
    lines->destination_port[index] = (uint16_t)destination_port;
    lines->transport[index] = name == TCP ? 6 : 17;
    if (lines->packets != NULL) {
        lines->packets[index] = 0;
        lines->bytes[index] = 0;
    }
    return length;
}

TARGET size_t clusterip_read_lines(const uint8_t *block, size_t length, struct clusterip_lines *lines)
{
    const struct clusterip_lines columns = *lines;
    size_t offset = 0, count = columns.count;
    while (count < columns.room && length - offset >= REACH) {
        const size_t taken = read_line(block + offset, &columns, count);
        if (taken == 0)
            break;
        offset += taken;
        count++;
    }
    lines->count = count;
    return offset;
}

#else

bool clusterip_lines_available(void)
{
    return false;
}

size_t clusterip_read_lines(const uint8_t *block, size_t length, struct clusterip_lines *lines)
{
    (void)block;
    (void)length;
    (void)lines;
    return 0;
}

#endif
