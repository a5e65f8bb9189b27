using System.Text.Json;
using System.Text.Json.Nodes;
using IndiiMusic.Grains.Accounts;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Tests.Hosting;

namespace IndiiMusic.Grains.Tests.Accounts;

/// <summary>Every shape that accounts and sessions were ever kept in. A released file never changes.</summary>
public sealed class GoldenDocumentTests
{
    private static readonly Guid UserId = new("01938f7e-0000-7000-8000-00000000000a");
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, object> Documents = new(StringComparer.Ordinal)
    {
        ["claim-reserved.1"] = new ClaimState { HolderId = UserId, ReservedUntil = Time },
        ["claim-confirmed.1"] = new ClaimState { HolderId = UserId },
        ["user.1"] = new UserState
        {
            Username = "Ana",
            Email = "ana@example.org",
            DisplayName = "Ana B.",
            PasswordHash = "AQAAAAIAAzRQ",
            CreatedAt = Time,
            Avatar = new AvatarReference("avatars/01938f7e.png", "image/png"),
        },
        ["user-abandoned.1"] = new UserState { IsAbandoned = true },
        ["session.1"] = new SessionState
        {
            UserId = UserId,
            FamilyHash = "ZmFtaWx5",
            PresentHash = "cHJlc2VudA==",
            PreviousHash = "cHJldmlvdXM=",
            CreatedAt = Time,
            RefreshedAt = Time,
            ExpiresAt = Time + TimeSpan.FromDays(30),
        },
        ["session-proven.1"] = new SessionState
        {
            UserId = UserId,
            FamilyHash = "ZmFtaWx5",
            PresentHash = "cHJlc2VudA==",
            CreatedAt = Time,
            RefreshedAt = Time,
            ExpiresAt = Time + TimeSpan.FromDays(30),
            ProvenUntil = Time + TimeSpan.FromMinutes(5),
        },
        ["two-factor.1"] = new TwoFactorState
        {
            Secret = "0011223344556677.bm9uY2U",
            OnSince = Time,
            LastStep = 59_814_990,
            RecoveryHashes = ["cmVjb3Zlcnk="],
            Devices = [new RememberedDevice(UserId, "phone", "ZGV2aWNl", Time, Time + TimeSpan.FromDays(30))],
            WrongCodes = 5,
            LockedUntil = Time + TimeSpan.FromMinutes(1),
        },
        ["two-factor-begun.1"] = new TwoFactorState
        {
            PendingSecret = "0011223344556677.bm9uY2U",
            PendingSince = Time,
        },
        ["session-scoped.1"] = new SessionState
        {
            UserId = UserId,
            FamilyHash = "ZmFtaWx5",
            PresentHash = "cHJlc2VudA==",
            CreatedAt = Time,
            RefreshedAt = Time,
            ExpiresAt = Time + TimeSpan.FromDays(30),
            Scope = "playlists:read tracks:read",
        },
        ["session-described.1"] = new SessionState
        {
            UserId = UserId,
            FamilyHash = "ZmFtaWx5",
            PresentHash = "cHJlc2VudA==",
            CreatedAt = Time,
            RefreshedAt = Time,
            ExpiresAt = Time + TimeSpan.FromDays(30),
            Scope = "playlists:read",
            Device = "curl/8.5.0",
            Address = "203.0.113.7",
            Name = "The laptop",
        },
        ["user-sessions.1"] = new UserSessionsState { SessionIds = [UserId] },
        ["user-roles.1"] = new UserState
        {
            Username = "Ana",
            Email = "ana@example.org",
            DisplayName = "Ana B.",
            PasswordHash = "AQAAAAIAAzRQ",
            CreatedAt = Time,
            Roles = "listener administrator",
        },
        ["administrators.1"] = new AdministratorsState { UserIds = [UserId] },
        ["personal-tokens.1"] = new PersonalTokensState
        {
            Tokens =
            [
                new PersonalTokenEntry(
                    UserId, "backup", "c2VjcmV0", "k3J9", ["playlists:read"], Time, Time + TimeSpan.FromDays(90), Time),
            ],
        },
    };

    public static TheoryData<string> Names => [.. Documents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_document_is_written_and_read_as_it_always_was(string name)
    {
        var document = Documents[name];
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Accounts", "Golden", name + ".json"));

        var written = JsonSerializer.SerializeToNode(document, document.GetType(), TestGrainStorage.Json);
        var read = JsonSerializer.Deserialize(golden, document.GetType(), TestGrainStorage.Json);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(golden), written), $"{name} is now {written}");
        Assert.True(JsonNode.DeepEquals(
            written, JsonSerializer.SerializeToNode(read, document.GetType(), TestGrainStorage.Json)));
    }
}
