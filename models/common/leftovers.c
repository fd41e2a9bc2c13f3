#include "models/common/leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/common/file_lock.h"
#include "models/common/path.h"
#include "models/common/text.h"

/* The number of the process in `entry`, NAME.tmp<process>; 0: is no such name. */
static pid_t process_of(const char *entry, const char *name)
{
    const size_t n = strlen(name);
    uint64_t process = 0;
    const bool is_one = strncmp(entry, name, n) == 0 && strncmp(entry + n, ".tmp", 4) == 0 &&
                        fb_text_to_u64(entry + n + 4, &process) && process <= INT32_MAX;
    return is_one ? (pid_t)process : 0;
}

static void remove_file(const char *path, pid_t process)
{
    struct stat facts;
    if (kill(process, 0) == 0 || errno != ESRCH) {
        return;
    }
    const int file = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    if (fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == geteuid() &&
        fb_file_lock_try(file) == FB_FILE_LOCK_TAKEN && fb_file_lock_is_at(file, path)) {
        unlink(path);
    }
    close(file);
}

static void remove_folder(const char *path, pid_t process)
{
    (void)process;
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = folder >= 0 ? fdopendir(folder) : NULL;
    for (const struct dirent *e; entries != NULL && (e = readdir(entries)) != NULL;) {
        unlinkat(folder, e->d_name, 0); /* no folders */
    }
    if (entries != NULL) {
        closedir(entries);
        rmdir(path);
    } else if (folder >= 0) {
        close(folder);
    }
}

/* Calls `remove` for every NAME.tmp<process> beside `path`. */
static void find(const char *path, void (*remove)(const char *path, pid_t process))
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    char parent[FB_PATH_SIZE] = ".", found[FB_PATH_SIZE];
    if (slash != NULL && slash + 1 - path >= FB_PATH_SIZE) {
        return;
    }
    if (slash != NULL) {
        snprintf(parent, sizeof parent, "%.*s", (int)(slash + 1 - path), path);
    }
    DIR *entries = opendir(parent);
    for (const struct dirent *e; entries != NULL && (e = readdir(entries)) != NULL;) {
        const pid_t process = process_of(e->d_name, name);
        if (process > 0 && fb_path_in(parent, e->d_name, found, NULL) == FB_OK) {
            remove(found, process);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
}

void fb_leftovers_remove_files(const char *path)
{
    find(path, remove_file);
}

void fb_leftovers_remove_folders(const char *path)
{
    find(path, remove_folder);
}
