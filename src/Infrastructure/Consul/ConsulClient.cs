using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// The few requests of Consul's HTTP API that the product makes. Reads are tried again when they fail, writes only when
/// no connection was made, because else they may have taken effect. The token never shows in a message.
/// </summary>
internal sealed class ConsulClient : IDisposable
{
    private const int AttemptsMax = 3;
    private const string IndexHeader = "X-Consul-Index";
    private const string TokenHeader = "X-Consul-Token";
    private const int TooManyRequests = 429;

    // The words with which Consul says that a key is not as the caller read it; there is no code for it.
    private const string StaleWords = "index is stale";

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DelayMax = TimeSpan.FromMilliseconds(500);

    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient _http;
    private readonly ConsulOptions _options;
    private readonly TimeProvider _time;
    private readonly string _datacenter;

    public ConsulClient(IOptions<ConsulOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _datacenter = _options.Datacenter is { Length: > 0 } name ? $"dc={Uri.EscapeDataString(name)}" : "";
        _http = new HttpClient(ConsulTls.Handler(_options))
        {
            BaseAddress = _options.Address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (_options.Token is { Length: > 0 } token)
            _http.DefaultRequestHeaders.TryAddWithoutValidation(TokenHeader, token);
        // The certificate is held to the host that the request names; Consul itself does not look at it.
        if (_options.TlsServerName is { Length: > 0 } server && _options.Address.Scheme == Uri.UriSchemeHttps)
            _http.DefaultRequestHeaders.Host = server;
    }

    /// <summary>Where the agent is, for messages.</summary>
    public string Address => _options.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether the servers have a leader, without which nothing can be read or written.</summary>
    /// <param name="timeout">How long to wait for the answer at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> HasLeaderAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(timeout);
        var request = new Request("status", HttpMethod.Get, "/v1/status/leader") { Attempts = 1 };
        try
        {
            var leader = await SendAsync(
                request,
                (response, token) => response.Content.ReadFromJsonAsync<string>(Json, token),
                bound.Token);
            return leader is { Length: > 0 };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoAnswerInTime(timeout);
        }
    }

    /// <summary>All keys that begin so, as they stood at one moment.</summary>
    public async Task<IReadOnlyList<ConsulKeyValue>> ReadTreeAsync(
        string prefix, CancellationToken cancellationToken) =>
        await SendAsync(
            new Request("kv_read", HttpMethod.Get, Key(prefix, "recurse=true")) { IsRepeatable = true },
            async (response, token) => response.StatusCode == HttpStatusCode.NotFound
                ? []
                : await response.Content.ReadFromJsonAsync<List<ConsulKeyValue>>(Json, token) ?? [],
            cancellationToken);

    /// <summary>
    /// Answers at once when <paramref name="index"/> is 0, and else when the key has changed since, or has not for as
    /// long as the options say.
    /// </summary>
    public async Task<ConsulWatch> WatchAsync(string key, ulong index, CancellationToken cancellationToken)
    {
        var (query, waits) = Waiting(index);
        var request = new Request("watch", HttpMethod.Get, Key(key, query))
        {
            Attempts = 1,
            IsRepeatable = true,
            Waits = waits,
        };
        return await SendAsync(
            request,
            async (response, token) =>
            {
                var found = response.StatusCode == HttpStatusCode.NotFound
                    ? null
                    : await response.Content.ReadFromJsonAsync<List<ConsulKeyValue>>(Json, token);
                return new ConsulWatch(NextIndex(index, ReadIndex(response)), found is [var one, ..] ? one : null);
            },
            cancellationToken);
    }

    /// <summary>As <see cref="WatchAsync"/>, for all keys that begin so.</summary>
    public async Task<ConsulTreeWatch> WatchTreeAsync(string prefix, ulong index, CancellationToken cancellationToken)
    {
        var (wait, waits) = Waiting(index);
        var query = wait.Length == 0 ? "recurse=true" : $"recurse=true&{wait}";
        var request = new Request("watch", HttpMethod.Get, Key(prefix, query))
        {
            Attempts = 1,
            IsRepeatable = true,
            Waits = waits,
        };
        return await SendAsync(
            request,
            async (response, token) =>
            {
                var found = response.StatusCode == HttpStatusCode.NotFound
                    ? null
                    : await response.Content.ReadFromJsonAsync<List<ConsulKeyValue>>(Json, token);
                return new ConsulTreeWatch(NextIndex(index, ReadIndex(response)), found ?? []);
            },
            cancellationToken);
    }

    /// <summary>Writes a key, whatever is there.</summary>
    public Task WriteAsync(string key, byte[] value, CancellationToken cancellationToken) =>
        SendAsync(
            new Request("kv_write", HttpMethod.Put, Key(key)) { Body = () => new ByteArrayContent(value) },
            static (_, _) => Task.FromResult(true),
            cancellationToken);

    /// <summary>Deletes all keys that begin so.</summary>
    public Task DeleteTreeAsync(string prefix, CancellationToken cancellationToken) =>
        SendAsync(
            new Request("kv_delete", HttpMethod.Delete, Key(prefix, "recurse=true")),
            static (_, _) => Task.FromResult(true),
            cancellationToken);

    /// <summary>Takes all steps at once, or none; at most <see cref="ConsulLimits.StepsMax"/>.</summary>
    /// <returns>False when a key was not as a step wants it; then nothing has changed.</returns>
    public async Task<bool> TransactAsync(IReadOnlyList<ConsulStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Count > ConsulLimits.StepsMax)
            throw new ArgumentException($"Consul takes no more than {ConsulLimits.StepsMax} steps.", nameof(steps));
        var operations = steps.Select(step => new ConsulOperation(step)).ToList();
        var request = new Request("transaction", HttpMethod.Put, WithDatacenter("/v1/txn"))
        {
            Body = () => JsonContent.Create(operations, options: Json),
        };
        return await SendAsync(
            request,
            async (response, token) =>
            {
                var answer = await response.Content.ReadFromJsonAsync<ConsulTransactionAnswer>(Json, token);
                if (answer?.Errors is not { Count: > 0 } errors)
                    return true;
                return errors.All(error => error.What.Contains(StaleWords, StringComparison.Ordinal))
                    ? false
                    : throw new ConsulException($"Consul at {Address} refused a transaction: {errors[0].What}");
            },
            cancellationToken);
    }

    /// <summary>The instances of a service whose checks all pass.</summary>
    public async Task<IReadOnlyList<ConsulInstance>> HealthyAsync(
        string service, CancellationToken cancellationToken) =>
        await SendAsync(
            new Request(
                "health", HttpMethod.Get, WithDatacenter($"/v1/health/service/{Escape(service)}", "passing=true"))
            {
                IsRepeatable = true,
            },
            (response, token) => response.Content.ReadFromJsonAsync<List<ConsulInstance>>(Json, token),
            cancellationToken) ?? [];

    /// <summary>Makes the agent list a service, or replaces what it lists by that id.</summary>
    public Task RegisterAsync(ConsulService service, CancellationToken cancellationToken) =>
        SendAsync(
            new Request("register", HttpMethod.Put, "/v1/agent/service/register")
            {
                Body = () => JsonContent.Create(service, options: Json),
                // Listing it twice is listing it once.
                IsRepeatable = true,
            },
            static (_, _) => Task.FromResult(true),
            cancellationToken);

    /// <summary>Makes the agent forget a service; nothing happens when it lists none by that id.</summary>
    public Task DeregisterAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(
            new Request("deregister", HttpMethod.Put, $"/v1/agent/service/deregister/{Escape(id)}")
            {
                IsRepeatable = true,
                AcceptsNotFound = true,
            },
            static (_, _) => Task.FromResult(true),
            cancellationToken);

    /// <summary>Whether the agent lists a service by that id.</summary>
    public Task<bool> ListsAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(
            new Request("agent_read", HttpMethod.Get, $"/v1/agent/service/{Escape(id)}")
            {
                IsRepeatable = true,
                AcceptsNotFound = true,
            },
            static (response, _) => Task.FromResult(response.StatusCode != HttpStatusCode.NotFound),
            cancellationToken);

    /// <summary>Takes a service out of what resolves, or puts it back, while it stays listed.</summary>
    public Task SetMaintenanceAsync(string id, bool isOn, string reason, CancellationToken cancellationToken)
    {
        var query = $"enable={(isOn ? "true" : "false")}&reason={Escape(reason)}";
        return SendAsync(
            new Request("maintenance", HttpMethod.Put, $"/v1/agent/service/maintenance/{Escape(id)}?{query}")
            {
                IsRepeatable = true,
            },
            static (_, _) => Task.FromResult(true),
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>
    /// What to wait for after an answer. An index that went back means that Consul's state was restored: one must look
    /// anew, and not wait for an index that may be far off.
    /// </summary>
    internal static ulong NextIndex(ulong previous, ulong answered) =>
        answered < previous ? 0 : Math.Max(1, answered);

    private static ulong ReadIndex(HttpResponseMessage response) =>
        response.Headers.TryGetValues(IndexHeader, out var values)
        && ulong.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : 0;

    /// <summary>How to ask for what comes after an index, and how long the answer may take.</summary>
    private (string Query, TimeSpan? Waits) Waiting(ulong index)
    {
        if (index == 0)
            return ("", null);
        var waitMs = (long)_options.WatchDuration.TotalMilliseconds;

        // Consul adds up to a sixteenth by chance.
        return (
            string.Create(CultureInfo.InvariantCulture, $"index={index}&wait={waitMs}ms"),
            _options.WatchDuration * (17 / 16.0));
    }

    private static string Escape(string value) => Uri.EscapeDataString(value);

    private string Key(string key, string query = "") =>
        WithDatacenter($"/v1/kv/{string.Join('/', key.Split('/').Select(Escape))}", query);

    private string WithDatacenter(string path, string query = "")
    {
        var both = string.Join('&', new[] { query, _datacenter }.Where(part => part.Length > 0));
        return both.Length > 0 ? $"{path}?{both}" : path;
    }

    private async Task<T> SendAsync<T>(
        Request request,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(request, read, cancellationToken);
            }
            catch (ConsulException failure)
            {
                ConsulMetrics.Failures.WithLabels(request.Operation).Inc();
                if (attempt >= request.Attempts || !(failure.NotSent || (request.IsRepeatable && failure.IsTransient)))
                    throw;
            }

            await Task.Delay(ConsulBackoff.Delay(attempt, FirstDelay, DelayMax), _time, cancellationToken);
        }
    }

    private async Task<T> SendOnceAsync<T>(
        Request request,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        var timeout = _options.RequestTimeout + (request.Waits ?? TimeSpan.Zero);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(timeout);
        using var message = new HttpRequestMessage(request.Method, request.Path) { Content = request.Body?.Invoke() };
        var since = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, bound.Token);
            if (!IsAnswer(request, response.StatusCode))
                throw await RefusalAsync(request, response, bound.Token);
            var answer = await read(response, bound.Token);
            if (request.Waits is null)
            {
                ConsulMetrics.RequestSeconds.WithLabels(request.Operation)
                    .Observe(Stopwatch.GetElapsedTime(since).TotalSeconds);
            }

            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoAnswerInTime(timeout);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            var why = failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
                ? failure.GetBaseException().Message
                : failure.Message;
            throw new ConsulException($"Consul at {Address} does not answer: {why}", failure)
            {
                NotSent = failure is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError,
                },
                IsTransient = true,
            };
        }
        catch (JsonException failure)
        {
            throw new ConsulException($"What answers at {Address} is not Consul: {failure.Message}", failure);
        }
    }

    private static bool IsAnswer(Request request, HttpStatusCode status) => status switch
    {
        HttpStatusCode.OK => true,
        HttpStatusCode.NotFound => request.AcceptsNotFound || request.Operation is "kv_read" or "watch",
        HttpStatusCode.Conflict => request.Operation == "transaction",
        _ => false,
    };

    private async Task<ConsulException> RefusalAsync(
        Request request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        const int WordsMax = 300;
        var words = (await response.Content.ReadAsStringAsync(cancellationToken)).Trim();
        if (words.Length > WordsMax)
            words = words[..WordsMax];
        var code = (int)response.StatusCode;
        return new ConsulException($"Consul at {Address} answered {request.Operation} with {code}: {words}")
        {
            IsTransient = code is TooManyRequests or >= 500,
        };
    }

    private ConsulException NoAnswerInTime(TimeSpan timeout) =>
        new($"Consul at {Address} did not answer within {timeout.TotalSeconds:0.###} seconds.");

    private sealed record Request(string Operation, HttpMethod Method, string Path)
    {
        /// <summary>Makes the body anew for each attempt.</summary>
        public Func<HttpContent>? Body { get; init; }

        /// <summary>Asking twice is as good as asking once.</summary>
        public bool IsRepeatable { get; init; }

        public bool AcceptsNotFound { get; init; }

        public int Attempts { get; init; } = AttemptsMax;

        /// <summary>How long Consul may hold it back.</summary>
        public TimeSpan? Waits { get; init; }
    }
}
