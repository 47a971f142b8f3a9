// Load generator and fake upstream in one epoll loop, so that neither is what is measured.
// A client connection sends the next request as soon as the answer to the last one is complete.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { KIND_LISTENER, KIND_UPSTREAM, KIND_CLIENT, KIND_TIMER };
enum { BUFFER_BYTES = 65536, MAX_SAMPLES = 4000000, MAX_KEYS = 1000, MAX_STREAMS = 20000 };

struct connection {
  int kind, fd, chunks_left, chunked, stream_slot;
  long length, header_end, received;
  uint64_t started;
  size_t used;
  char *buffer;
};

static int epoll_fd, target_port, upstream_port, connections = 1, is_stream, is_idle, gap_ms, chunk_count = 100;
static double warmup = 1, seconds = 2;
static const char *path = "/v1/chat/completions", *extra_headers = "";
static char *keys[MAX_KEYS];
static int key_count, next_key, measuring, draining, in_flight, first_bad_status;
static uint64_t completed, failed, chunks_seen, samples_used, chunk_samples_used;
static uint32_t *samples, *chunk_samples;
static struct connection *streams[MAX_STREAMS];
static int stream_slots;
static char request_body[4096], json_reply[2048];
static int request_body_length, json_reply_length;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(struct connection *c, int kind, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  c->kind = kind;
  c->fd = fd;
  c->stream_slot = -1;
  if (!c->buffer && (kind == KIND_UPSTREAM || kind == KIND_CLIENT)) c->buffer = malloc(BUFFER_BYTES + 1);
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static void send_all(int fd, const char *data, size_t length) {
  while (length > 0) {
    ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) { usleep(50); continue; }
    if (sent <= 0) return;
    data += sent;
    length -= (size_t)sent;
  }
}

// --- the upstream

static void send_chunk(struct connection *c) {
  char event[512], frame[600];
  int length;
  if (c->chunks_left > 2) {
    length = snprintf(event, sizeof event,
      "data: {\"id\":\"chatcmpl-0123456789abcdef0123456789abcdef\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"bench\","
      "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" @%020llu\"},\"logprobs\":null,\"finish_reason\":%s}]}\n\n",
      (unsigned long long)now_ns(), c->chunks_left == 3 ? "\"stop\"" : "null");
  } else if (c->chunks_left == 2) {
    length = snprintf(event, sizeof event,
      "data: {\"id\":\"chatcmpl-0123456789abcdef0123456789abcdef\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"bench\","
      "\"choices\":[],\"usage\":{\"prompt_tokens\":200,\"total_tokens\":300,\"completion_tokens\":100}}\n\n");
  } else {
    length = snprintf(event, sizeof event, "data: [DONE]\n\n");
  }
  length = snprintf(frame, sizeof frame, "%x\r\n%s\r\n", length, event);
  send_all(c->fd, frame, (size_t)length);
  c->chunks_left -= 1;
  if (c->chunks_left == 0) send_all(c->fd, "0\r\n\r\n", 5);
}

static void leave_stream(struct connection *c) {
  if (c->stream_slot < 0) return;
  streams[c->stream_slot] = streams[--stream_slots];
  streams[c->stream_slot]->stream_slot = c->stream_slot;
  c->stream_slot = -1;
}

static void answer(struct connection *c, int wants_stream) {
  static const char head[] = "HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";
  if (!wants_stream) { send_all(c->fd, json_reply, (size_t)json_reply_length); return; }
  send_all(c->fd, head, sizeof head - 1);
  c->chunks_left = chunk_count + 2;
  if (is_idle) { c->chunks_left = 1 << 30; send_chunk(c); return; }
  if (gap_ms == 0) { while (c->chunks_left > 0) send_chunk(c); return; }
  if (stream_slots == MAX_STREAMS) { fprintf(stderr, "too many streams\n"); exit(1); }
  c->stream_slot = stream_slots;
  streams[stream_slots++] = c;
}

static void close_connection(struct connection *c) {
  leave_stream(c);
  close(c->fd);
  free(c->buffer);
  free(c);
}

static void upstream_readable(struct connection *c) {
  ssize_t got = recv(c->fd, c->buffer + c->used, BUFFER_BYTES - c->used, 0);
  if (got <= 0) { if (got == 0 || errno != EAGAIN) close_connection(c); return; }
  c->used += (size_t)got;
  c->buffer[c->used] = 0;
  char *end = strstr(c->buffer, "\r\n\r\n");
  if (!end) return;
  char *length = strcasestr(c->buffer, "\r\ncontent-length:");
  size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
  int complete = length && length < end
    ? c->used >= (size_t)(end + 4 - c->buffer) + body
    : !strncmp(c->buffer, "GET", 3) || !strcmp(c->buffer + c->used - 5, "0\r\n\r\n");
  if (!complete) return;
  int wants_stream = strstr(end, "\"stream\":true") != NULL || strstr(end, "\"stream\": true") != NULL;
  c->used = 0;
  answer(c, wants_stream);
}

// --- the clients

static void send_request(struct connection *c) {
  static char request[8192];
  const char *key = key_count ? keys[next_key++ % key_count] : "none";
  int length = snprintf(request, sizeof request,
    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
    path, key, extra_headers, request_body_length, request_body);
  c->used = 0;
  c->header_end = 0;
  c->received = 0;
  c->length = -1;
  c->started = now_ns();
  in_flight++;
  send_all(c->fd, request, (size_t)length);
}

static void connect_client(struct connection *c) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)target_port)};
  int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  watch(c, KIND_CLIENT, fd);
  send_request(c);
}

static void sample_chunks(const char *data, size_t length, uint64_t now) {
  const char *end = data + length, *at = data;
  while ((at = memmem(at, (size_t)(end - at), "@", 1)) && at + 21 <= end) {
    uint64_t sent = strtoull(at + 1, NULL, 10);
    at += 21;
    if (!measuring || sent == 0 || now < sent) continue;
    chunks_seen++;
    if (chunk_samples_used < MAX_SAMPLES) chunk_samples[chunk_samples_used++] = (uint32_t)((now - sent) / 1000);
  }
}

static void finish(struct connection *c, int ok) {
  in_flight--;
  if (!ok && !first_bad_status) first_bad_status = atoi(c->buffer + 9);
  if (measuring) {
    if (ok) completed++; else failed++;
    if (ok && samples_used < MAX_SAMPLES) samples[samples_used++] = (uint32_t)((now_ns() - c->started) / 1000);
  }
  if (!draining) send_request(c);
}

static void read_head(struct connection *c) {
  c->buffer[c->used] = 0;
  char *end = strstr(c->buffer, "\r\n\r\n");
  if (!end) return;
  c->header_end = end + 4 - c->buffer;
  char *length = strcasestr(c->buffer, "\r\ncontent-length:");
  c->length = length && length < end ? strtol(length + 17, NULL, 10) : -1;
  c->chunked = c->length < 0;
}

static void client_readable(struct connection *c) {
  // A stream's answer is longer than the buffer: only its head and its newest bytes are kept.
  if (c->used > BUFFER_BYTES / 2) {
    memmove(c->buffer + c->header_end, c->buffer + c->used - 64, 64);
    c->used = (size_t)c->header_end + 64;
  }
  ssize_t got = recv(c->fd, c->buffer + c->used, BUFFER_BYTES - c->used, 0);
  if (got <= 0) {
    if (got < 0 && errno == EAGAIN) return;
    if (measuring) failed++;
    in_flight--;
    close(c->fd);
    if (!draining) connect_client(c);
    return;
  }
  if (is_stream) sample_chunks(c->buffer + c->used, (size_t)got, now_ns());
  c->used += (size_t)got;
  c->received += got;
  if (!c->header_end) read_head(c);
  if (!c->header_end) return;
  int ok = !strncmp(c->buffer + 9, "200", 3);
  if (c->chunked ? !memcmp(c->buffer + c->used - 5, "0\r\n\r\n", 5) : c->received >= c->header_end + c->length) {
    if (is_stream && ok) { c->buffer[c->used] = 0; ok = memmem(c->buffer, c->used, "[DONE]", 6) != NULL; }
    finish(c, ok);
  }
}

// --- the loop

static struct connection *listen_on(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  struct connection *c = calloc(1, sizeof *c);
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 4096) < 0) die("listen");
  watch(c, KIND_LISTENER, fd);
  return c;
}

static void accept_all(struct connection *listener) {
  for (;;) {
    int one = 1, fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    watch(calloc(1, sizeof(struct connection)), KIND_UPSTREAM, fd);
  }
}

static void tick(struct connection *timer) {
  uint64_t expirations;
  if (read(timer->fd, &expirations, sizeof expirations) < 0) return;
  for (int slot = stream_slots - 1; slot >= 0; slot--) {
    struct connection *c = streams[slot];
    send_chunk(c);
    if (c->chunks_left == 0) leave_stream(c);
  }
}

static void start_timer(void) {
  struct itimerspec spec = {{gap_ms / 1000, (gap_ms % 1000) * 1000000l}, {gap_ms / 1000, (gap_ms % 1000) * 1000000l}};
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  timerfd_settime(fd, 0, &spec, NULL);
  watch(calloc(1, sizeof(struct connection)), KIND_TIMER, fd);
}

static void run_for(double duration) {
  struct epoll_event events[512];
  uint64_t end = now_ns() + (uint64_t)(duration * 1e9);
  while (now_ns() < end && !(draining && in_flight == 0)) {
    int count = epoll_wait(epoll_fd, events, 512, 20);
    for (int i = 0; i < count; i++) {
      struct connection *c = events[i].data.ptr;
      if (c->kind == KIND_LISTENER) accept_all(c);
      else if (c->kind == KIND_UPSTREAM) upstream_readable(c);
      else if (c->kind == KIND_CLIENT) client_readable(c);
      else tick(c);
    }
  }
}

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static uint32_t percentile(uint32_t *values, uint64_t count, double share) {
  return count == 0 ? 0 : values[(uint64_t)((double)(count - 1) * share)];
}

static void report(double duration) {
  qsort(samples, samples_used, sizeof *samples, by_value);
  qsort(chunk_samples, chunk_samples_used, sizeof *chunk_samples, by_value);
  printf("{\"seconds\":%.3f,\"completed\":%llu,\"failed\":%llu,\"firstBadStatus\":%d,\"p50Us\":%u,\"p99Us\":%u,\"chunks\":%llu,\"chunkP50Us\":%u,\"chunkP99Us\":%u}\n",
    duration, (unsigned long long)completed, (unsigned long long)failed, first_bad_status, percentile(samples, samples_used, 0.5),
    percentile(samples, samples_used, 0.99), (unsigned long long)chunks_seen, percentile(chunk_samples, chunk_samples_used, 0.5),
    percentile(chunk_samples, chunk_samples_used, 0.99));
  fflush(stdout);
}

static void read_keys(const char *file) {
  static char line[512];
  FILE *f = fopen(file, "r");
  if (!f) die(file);
  while (key_count < MAX_KEYS && fgets(line, sizeof line, f)) {
    line[strcspn(line, "\r\n")] = 0;
    if (*line) keys[key_count++] = strdup(line);
  }
  fclose(f);
}

static void prepare_bodies(const char *model) {
  char text[900], body[1200];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = 0;
  for (int i = 6; i < (int)sizeof text - 1; i += 7) text[i] = ' ';
  request_body_length = snprintf(request_body, sizeof request_body,
    "{\"model\":\"%s\",\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},{\"role\":\"user\",\"content\":\"%s\"}],\"temperature\":0.7,\"max_tokens\":100,\"stream\":%s}",
    model, text, is_stream || is_idle ? "true" : "false");
  text[300] = 0;
  int length = snprintf(body, sizeof body,
    "{\"id\":\"chatcmpl-0123456789abcdef0123456789abcdef\",\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\",\"tool_calls\":[]},\"logprobs\":null,\"finish_reason\":\"stop\",\"stop_reason\":null}],\"usage\":{\"prompt_tokens\":200,\"total_tokens\":300,\"completion_tokens\":100,\"prompt_tokens_details\":null},\"prompt_logprobs\":null}",
    text);
  json_reply_length = snprintf(json_reply, sizeof json_reply, "HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s", length, body);
}

static void read_arguments(int argc, char **argv, const char **model) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (!strcmp(name, "--target")) target_port = atoi(value);
    else if (!strcmp(name, "--upstream")) upstream_port = atoi(value);
    else if (!strcmp(name, "--connections")) connections = atoi(value);
    else if (!strcmp(name, "--mode")) { is_stream = !strcmp(value, "sse"); is_idle = !strcmp(value, "idle"); }
    else if (!strcmp(name, "--gap-ms")) gap_ms = atoi(value);
    else if (!strcmp(name, "--chunks")) chunk_count = atoi(value);
    else if (!strcmp(name, "--warmup")) warmup = atof(value);
    else if (!strcmp(name, "--seconds")) seconds = atof(value);
    else if (!strcmp(name, "--path")) path = value;
    else if (!strcmp(name, "--headers")) extra_headers = value;
    else if (!strcmp(name, "--model")) *model = value;
    else if (!strcmp(name, "--keys")) read_keys(value);
    else { fprintf(stderr, "unknown option %s\n", name); exit(2); }
  }
}

int main(int argc, char **argv) {
  const char *model = "bench";
  struct rlimit files = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &files);
  read_arguments(argc, argv, &model);
  epoll_fd = epoll_create1(0);
  samples = malloc(MAX_SAMPLES * sizeof *samples);
  chunk_samples = malloc(MAX_SAMPLES * sizeof *chunk_samples);
  prepare_bodies(model);
  listen_on(upstream_port);
  if (gap_ms > 0) start_timer();
  if (target_port) for (int i = 0; i < connections; i++) connect_client(calloc(1, sizeof(struct connection)));
  run_for(warmup);
  printf("begin\n");
  fflush(stdout);
  measuring = 1;
  uint64_t start = now_ns();
  run_for(seconds);
  report((double)(now_ns() - start) / 1e9);
  // Requests in work come to their end, so that the target does not take this end for a fault of its upstream.
  measuring = 0;
  draining = 1;
  if (!is_idle) run_for(3);
  return 0;
}
