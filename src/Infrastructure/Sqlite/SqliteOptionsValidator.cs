using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>Checks what the attributes on <see cref="SqliteOptions"/> say.</summary>
[OptionsValidator]
internal sealed partial class SqliteOptionsValidator : IValidateOptions<SqliteOptions>;
