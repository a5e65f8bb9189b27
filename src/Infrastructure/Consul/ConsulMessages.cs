using System.Text.Json.Serialization;

namespace IndiiMusic.Infrastructure.Consul;

// The names are those of Consul's HTTP API: https://developer.hashicorp.com/consul/api-docs.

/// <summary>One key with its value.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Value">The bytes; null when there are none.</param>
/// <param name="ModifyIndex">Grows with each change of this key, never 0.</param>
internal sealed record ConsulKeyValue(string Key, byte[]? Value, ulong ModifyIndex);

/// <summary>What a request that waited for a change came back with.</summary>
/// <param name="Index">What to wait for next.</param>
/// <param name="Found">The key; null when it is not there.</param>
internal sealed record ConsulWatch(ulong Index, ConsulKeyValue? Found);

/// <summary>The same for all keys that begin alike.</summary>
/// <param name="Index">What to wait for next.</param>
/// <param name="Found">The keys that are there.</param>
internal sealed record ConsulTreeWatch(ulong Index, IReadOnlyList<ConsulKeyValue> Found);

/// <summary>One step of a transaction on the key-value store.</summary>
/// <param name="Verb">The kind of step.</param>
/// <param name="Key">The whole key.</param>
/// <param name="Value">What to write.</param>
/// <param name="Index">What the key's ModifyIndex must be; 0 when there must be no such key.</param>
internal sealed record ConsulStep(string Verb, string Key, byte[]? Value = null, ulong? Index = null)
{
    /// <summary>Writes, if the key is as it was read.</summary>
    public static ConsulStep SetIfUnchanged(string key, byte[] value, ulong index) => new("cas", key, value, index);

    /// <summary>Writes, whatever is there.</summary>
    public static ConsulStep Set(string key, byte[] value) => new("set", key, value);

    /// <summary>Deletes, if the key is as it was read, or gone already.</summary>
    public static ConsulStep DeleteIfUnchanged(string key, ulong index) => new("delete-cas", key, Index: index);
}

internal sealed record ConsulOperation([property: JsonPropertyName("KV")] ConsulStep Step);

internal sealed record ConsulTransactionAnswer(IReadOnlyList<ConsulTransactionError>? Errors);

internal sealed record ConsulTransactionError(int OpIndex, string What);

/// <summary>A service of the agent's node, with the check that says whether it is healthy.</summary>
internal sealed record ConsulService(
    [property: JsonPropertyName("ID")] string Id,
    string Name,
    IReadOnlyList<string> Tags,
    string? Address,
    int Port,
    ConsulCheck Check);

/// <summary>An HTTP request that the agent makes again and again. Durations are like <c>10s</c>.</summary>
internal sealed record ConsulCheck(
    string Name,
    [property: JsonPropertyName("HTTP")] string Url,
    string Interval,
    string Timeout,
    string DeregisterCriticalServiceAfter,
    string? Status);

/// <summary>An instance of a service, as the catalog has it.</summary>
internal sealed record ConsulInstance(ConsulNode Node, ConsulInstanceService Service);

internal sealed record ConsulNode(string Address);

internal sealed record ConsulInstanceService(
    [property: JsonPropertyName("ID")] string Id, string Address, int Port, IReadOnlyList<string>? Tags);
