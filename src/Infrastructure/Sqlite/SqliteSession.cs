using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// One connection and the statements prepared on it. Parameters are named <c>$1</c>, <c>$2</c>, … in the order of the
/// values. Used by one thread at a time.
/// </summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private const int ParametersMax = 24;

    private static readonly string[] ParameterNames =
        [.. Enumerable.Range(1, ParametersMax).Select(number => $"${number}")];

    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bound(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query; the reader is disposed before the same statement runs again.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) =>
        Bound(sql, values).ExecuteReader();

    /// <summary>The first column of the first row; null when there is no row or it is NULL.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) =>
        Bound(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Bound(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
            _commands.Add(sql, command = Prepare(sql, values.Length));
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = Storable(values[i]);
        return command;
    }

    private SqliteCommand Prepare(string sql, int parameterCount)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a literal of this folder; values go in as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in ParameterNames.AsSpan(0, parameterCount))
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static object Storable(object? value) => value switch
    {
        null => DBNull.Value,
        ReadOnlyMemory<byte> bytes => WholeArray(bytes),
        _ => value,
    };

    private static byte[] WholeArray(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array is { } array && array.Length == bytes.Length
            ? array
            : bytes.ToArray();
}
