/* Which columns this program reads, and what it says about the others. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "holdout/formats/parquet/parquet_meta_internal.h"
#include "models/common/advice.h"
#include "models/common/text.h"

/* ConvertedType: an integer that means something else than a number, bytes that mean no text, are not read as such. */
enum {
    MEANS_UTF8 = 0,
    MEANS_ENUM = 4,
    MEANS_DECIMAL = 5,
    MEANS_UINT_8 = 11,
    MEANS_UINT_32 = 13,
    MEANS_UINT_64 = 14,
    MEANS_INT_64 = 18
};

bool fb_parquet_support_is_unsigned(const fb_parquet_column *column)
{
    return column->meaning == MEANS_UINT_32 || column->meaning == MEANS_UINT_64;
}

/* The command, which tests run. */
static void describe_remedy(fb_parquet_remedy remedy, const char *path, const char *column, char text[FB_ADVICE_SIZE])
{
    char select[FB_ADVICE_SIZE] = "*", name[FB_ADVICE_SIZE];
    fb_advice_duckdb_column(column != NULL ? column : "", name);
    switch (remedy) {
    case FB_PARQUET_PYARROW:
        fb_advice_python_command("pyarrow.parquet as p; p.write_table(p.read_table(sys.argv[1]), 'converted.parquet', "
                                 "compression='snappy')",
                                 path, NULL, text);
        return;
    case FB_PARQUET_ELSE:
        snprintf(text, FB_ADVICE_SIZE, "write the file again, without it, with the program that made it");
        return;
    case FB_PARQUET_CAST:
    case FB_PARQUET_CAST_DATA:
        snprintf(select, sizeof select, "COLUMNS('^(PRI_|DER_|weights|labels)')::FLOAT%s",
                 remedy == FB_PARQUET_CAST ? ", detailed_labels::VARCHAR AS detailed_labels" : "");
        break;
    case FB_PARQUET_EXCLUDE:
    case FB_PARQUET_UNNEST:
        fb_text_append(select, sizeof select, " ", "EXCLUDE (%s)", name);
        if (remedy == FB_PARQUET_UNNEST) {
            fb_text_append(select, sizeof select, ", ", "UNNEST(%s)", name);
        }
        break;
    default:
        break;
    }
    fb_advice_duckdb(select, path, text);
}

fb_status fb_parquet_support_refuse(fb_error *error, const char *path, const char *column, fb_parquet_remedy remedy,
                                    const char *format, ...)
{
    char what[128], how[FB_ADVICE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    describe_remedy(remedy, path, column, how);
    return fb_fail(error, FB_ERROR_DATA, "%s: %s%s%s%s is not read by this program; %s%s", path,
                   column != NULL ? "column " : "", column != NULL ? column : "", column != NULL ? ": " : "", what,
                   remedy != FB_PARQUET_ELSE ? "convert the file: " : "", how);
}

const char *fb_parquet_support_encoding_name(int encoding)
{
    static const char *const names[] = {
        "PLAIN",          "GROUP_VAR_INT",       "PLAIN_DICTIONARY",        "RLE",
        "BIT_PACKED",     "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY",
        "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"};
    return encoding >= 0 && encoding < (int)(sizeof names / sizeof names[0]) ? names[encoding] : "unknown";
}

static fb_parquet_remedy cast_columns(const fb_parquet_meta *meta)
{
    for (size_t k = 0; k < meta->n_columns; k++) {
        if (strcmp(meta->column[k].name, "detailed_labels") == 0) {
            return FB_PARQUET_CAST;
        }
    }
    return FB_PARQUET_CAST_DATA;
}

static fb_status check_type(const fb_parquet_file *file, const fb_parquet_meta *meta, const fb_parquet_column *column,
                            fb_error *error)
{
    static const char *const names[] = {"BOOLEAN", "INT32",  "INT64",      "INT96",
                                        "FLOAT",   "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"};
    const char *reason = "";
    fb_parquet_remedy remedy = cast_columns(meta);
    switch (column->type) {
    case FB_PARQUET_BOOLEAN:
    case FB_PARQUET_FLOAT:
    case FB_PARQUET_DOUBLE:
        return FB_OK;
    case FB_PARQUET_INT32:
    case FB_PARQUET_INT64:
        if (column->meaning < 0 || (column->meaning >= MEANS_UINT_8 && column->meaning <= MEANS_INT_64)) {
            return FB_OK;
        }
        reason = column->meaning == MEANS_DECIMAL ? " that is a decimal number" : " that is a date or a time";
        remedy = column->meaning == MEANS_DECIMAL ? remedy : FB_PARQUET_ELSE;
        break;
    case FB_PARQUET_BYTE_ARRAY:
        if (column->meaning < 0 || column->meaning == MEANS_UTF8 || column->meaning == MEANS_ENUM) {
            return FB_OK;
        }
        reason = column->meaning == MEANS_DECIMAL ? " that is a decimal number" : " that is not a text";
        break;
    case FB_PARQUET_INT96:
        reason = " (a time)";
        remedy = FB_PARQUET_ELSE;
        break;
    default:
        break;
    }
    return fb_parquet_support_refuse(error, file->path, column->name, remedy, "type %s%s",
                                     column->type <= FB_PARQUET_FIXED ? names[column->type] : "unknown", reason);
}

static fb_status check_codec(const fb_parquet_file *file, const char *column, int codec, fb_error *error)
{
    static const char *const names[] = {"UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"};
    if (codec == FB_PARQUET_UNCOMPRESSED || codec == FB_PARQUET_SNAPPY || codec == FB_PARQUET_GZIP ||
        codec == FB_PARQUET_ZSTD) {
        return FB_OK;
    }
    enum { LZO = 3, LZ4 = 5 };
    const fb_parquet_remedy remedy = codec == LZ4   ? FB_PARQUET_PYARROW
                                     : codec == LZO ? FB_PARQUET_ELSE
                                                    : FB_PARQUET_COPY;
    return fb_parquet_support_refuse(error, file->path, column, remedy, "compression %s",
                                     codec < (int)(sizeof names / sizeof names[0]) ? names[codec] : "unknown");
}

/* BIT_PACKED stands for levels that flat columns do not have, in files of old programs. */
static fb_status check_encodings(const fb_parquet_file *file, const char *column, uint32_t encodings, fb_error *error)
{
    const uint32_t known = 1u << FB_PARQUET_PLAIN | 1u << FB_PARQUET_PLAIN_DICTIONARY | 1u << FB_PARQUET_RLE | 1u << 4 |
                           1u << FB_PARQUET_RLE_DICTIONARY;
    const uint32_t unknown = encodings & ~known;
    if (unknown == 0) {
        return FB_OK;
    }
    return fb_parquet_support_refuse(error, file->path, column, FB_PARQUET_COPY, "encoding %s",
                                     fb_parquet_support_encoding_name(__builtin_ctz(unknown)));
}

fb_status fb_parquet_support_check_column(const fb_parquet_file *file, const fb_parquet_meta *meta, size_t k,
                                          fb_error *error)
{
    const char *name = meta->column[k].name;
    fb_status status = check_type(file, meta, &meta->column[k], error);
    for (size_t g = 0; g < meta->n_groups && status == FB_OK; g++) {
        const fb_parquet_chunk *chunk = &meta->chunk[g * meta->n_columns + k];
        FB_TRY(check_codec(file, name, chunk->codec, error));
        status = check_encodings(file, name, chunk->encodings, error);
    }
cleanup:
    return status;
}
