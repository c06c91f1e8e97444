/* A directory for what outlives the program: the sign-in under way, and the device token.
 *
 * The directory is the owner's alone (0700), and so is each file in it (0600). A file is replaced by renaming
 * a complete one over it, so a kill at any moment leaves the old one or the new one. A lock keeps a second
 * run out.
 *
 * POSIX. On Windows the same is done with MoveFileEx and an access list. */
#ifndef EXAMPLE_FILE_STORAGE_H
#define EXAMPLE_FILE_STORAGE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <interaction_code.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_FILE = 16 * 1024 * 1024, LONGEST_NAME = 128, DEVICE_TOKEN_LENGTH = 32 };

typedef struct file_storage {
    int directory;
    int lock;
} file_storage;

/* Wipes memory that held a secret; compilers leave out a memset of memory that is not read again. */
static void wipe(void *memory, size_t length)
{
    volatile char *byte = memory;
    while (length-- > 0) {
        *byte++ = 0;
    }
}

/* The library's keys are made of letters, digits, dots and dashes; anything else is refused. */
static bool is_file_name(const char *name)
{
    size_t length = strlen(name);
    const char *good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    return length > 0 && length + sizeof ".new" <= LONGEST_NAME && strspn(name, good) == length &&
           name[0] != '.';
}

/* Opens the directory, making it if need be. Says what is wrong when it cannot be used. */
static bool file_storage_open(file_storage *storage, const char *path)
{
    struct stat about;
    storage->lock = -1;
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        storage->directory = -1;
        perror(path);
        return false;
    }
    storage->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (storage->directory < 0 || fstat(storage->directory, &about) != 0) {
        perror(path);
        return false;
    }
    if (about.st_uid != geteuid() || (about.st_mode & 077) != 0) {
        fprintf(stderr, "%s: must belong to the user of this program, and to nobody else (chmod 700)\n",
                path);
        return false;
    }
    storage->lock = openat(storage->directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (storage->lock < 0 || flock(storage->lock, LOCK_EX | LOCK_NB) != 0) {
        fprintf(stderr, "%s: another run is using this directory\n", path);
        return false;
    }
    return true;
}

static void file_storage_close(file_storage *storage)
{
    if (storage->lock >= 0) {
        close(storage->lock);
    }
    if (storage->directory >= 0) {
        close(storage->directory);
    }
}

/* Reads a whole file into memory of malloc. False with errno; ENOENT where there is none. */
static bool read_file(int directory, const char *name, char **data, size_t *length)
{
    struct stat about;
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        return false;
    }
    *length = 0;
    *data = NULL;
    bool done = fstat(file, &about) == 0;
    if (done && (!S_ISREG(about.st_mode) || about.st_size > LARGEST_FILE)) {
        errno = EFBIG;
        done = false;
    }
    size_t size = done ? (size_t)about.st_size : 0;
    done = done && (*data = malloc(size + 1)) != NULL;
    while (done && *length < size) {
        ssize_t count = read(file, *data + *length, size - *length);
        if (count == 0) {
            break;
        }
        done = count > 0 || errno == EINTR;
        *length += count > 0 ? (size_t)count : 0;
    }
    int why = errno;
    close(file);
    if (!done && *data != NULL) {
        wipe(*data, size);
        free(*data);
        *data = NULL;
    }
    errno = why;
    return done;
}

static bool write_all(int file, const uint8_t *data, size_t length)
{
    while (length > 0) {
        ssize_t count = write(file, data, length);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        data += count > 0 ? count : 0;
        length -= count > 0 ? (size_t)count : 0;
    }
    return true;
}

/* Writes a whole file, or leaves the old one. */
static bool write_file(int directory, const char *name, const void *data, size_t length)
{
    char fresh[LONGEST_NAME + sizeof ".new"];
    snprintf(fresh, sizeof fresh, "%s.new", name);
    unlinkat(directory, fresh, 0); /* of a run that was killed */
    int file = openat(directory, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return false;
    }
    bool done = write_all(file, data, length) && fsync(file) == 0;
    done = close(file) == 0 && done;
    done = done && renameat(directory, fresh, directory, name) == 0 && fsync(directory) == 0;
    if (!done) {
        unlinkat(directory, fresh, 0);
    }
    return done;
}

static bool remove_file(int directory, const char *name)
{
    return unlinkat(directory, name, 0) == 0 || errno == ENOENT;
}

/* The three functions of ic_storage. Any number but theirs says that the storage cannot be used now. The lock keeps
 * every other run out, so compare and write are one act. */

static ic_status storage_load(void *user_data, const char *key, ic_stored stored)
{
    file_storage *storage = user_data;
    char *data = NULL;
    size_t length = 0;
    if (!is_file_name(key)) {
        return IC_ERROR_CALLBACK;
    }
    if (!read_file(storage->directory, key, &data, &length)) {
        return errno == ENOENT ? IC_OK : IC_ERROR_CALLBACK; /* nothing appended: nothing stored */
    }
    ic_status status = ic_stored_append(stored, data, length);
    wipe(data, length);
    free(data);
    return status;
}

static int32_t storage_swap(void *user_data, const char *key, const uint8_t *expected, const uint8_t *data,
                            size_t length)
{
    file_storage *storage = user_data;
    char *found = NULL;
    size_t found_length = 0;
    if (!is_file_name(key)) {
        return IC_ERROR_CALLBACK;
    }
    bool there = read_file(storage->directory, key, &found, &found_length);
    if (!there && errno != ENOENT) {
        return IC_ERROR_CALLBACK; /* not known is not nothing */
    }
    bool as_expected = there == (expected != NULL);
    if (there) {
        as_expected = as_expected && ic_sha256_matches(expected, 32, found, found_length);
        wipe(found, found_length);
        free(found);
    }
    if (!as_expected) {
        return IC_SWAP_CHANGED;
    }
    bool done = data != NULL ? write_file(storage->directory, key, data, length)
                             : remove_file(storage->directory, key);
    return done ? IC_SWAP_DONE : IC_ERROR_CALLBACK;
}

/* Calls a function for each file whose name begins so. False when one of them returned false. */
static bool each_file(const file_storage *storage, const char *prefix, bool (*each)(void *, const char *),
                      void *user_data)
{
    int again = dup(storage->directory);
    DIR *directory = again >= 0 ? fdopendir(again) : NULL;
    if (directory == NULL) {
        return again >= 0 && close(again) == 0 && false;
    }
    rewinddir(directory);
    bool good = true;
    for (struct dirent *file; good && (file = readdir(directory)) != NULL;) {
        if (is_file_name(file->d_name) && strncmp(file->d_name, prefix, strlen(prefix)) == 0) {
            good = each(user_data, file->d_name);
        }
    }
    closedir(directory);
    return good;
}

static bool append_key(void *stored, const char *name)
{
    return ic_stored_append(stored, name, strlen(name)) == IC_OK && ic_stored_append(stored, "\n", 1) == IC_OK;
}

static ic_status storage_keys(void *user_data, const char *prefix, ic_stored stored)
{
    return each_file(user_data, prefix, append_key, stored) ? IC_OK : IC_ERROR_CALLBACK;
}

static bool remove_named(void *storage, const char *name)
{
    return remove_file(((file_storage *)storage)->directory, name);
}

/* Removes every sign-in, and leaves the rest. */
static bool file_storage_forget_flows(file_storage *storage)
{
    return each_file(storage, "interaction-code.flow.", remove_named, storage);
}

/* The device token: what makes this machine the same one at each sign-in. Made once, at random. */
static bool device_token(const file_storage *storage, char token[DEVICE_TOKEN_LENGTH + 1])
{
    char *known = NULL;
    size_t length = 0;
    uint8_t random[DEVICE_TOKEN_LENGTH / 2];
    if (read_file(storage->directory, "device-token", &known, &length)) {
        bool good = length == DEVICE_TOKEN_LENGTH;
        if (good) {
            memcpy(token, known, length);
            token[length] = '\0';
        }
        free(known);
        return good;
    }
    int source = errno == ENOENT ? open("/dev/urandom", O_RDONLY | O_CLOEXEC) : -1;
    bool done = source >= 0 && read(source, random, sizeof random) == (ssize_t)sizeof random;
    if (source >= 0) {
        close(source);
    }
    for (size_t i = 0; done && i < sizeof random; i++) {
        snprintf(token + 2 * i, 3, "%02x", random[i]);
    }
    return done && write_file(storage->directory, "device-token", token, DEVICE_TOKEN_LENGTH);
}

#endif
