namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>Somebody, by what they are to a playlist.</summary>
public enum Somebody
{
    /// <summary>Not signed in, at a private playlist.</summary>
    AnonymousAtPrivate,

    /// <summary>Signed in without a role, at a private playlist.</summary>
    MemberAtPrivate,

    /// <summary>Not signed in, at a public playlist.</summary>
    AnonymousAtPublic,

    /// <summary>Signed in without a role, at a public playlist.</summary>
    MemberAtPublic,

    Viewer,
    Suggester,
    Contributor,
    Editor,
    Owner,
}

/// <summary>
/// Who may do what, in one place for REST and the hub: one row per action, one column per somebody. <c>ok</c> is
/// allowed, otherwise the code of the error: 401 unauthenticated, 403 forbidden, 404 not_found.
/// </summary>
public static class RoleTable
{
    private const string Rows = """
        action              | anon/priv member/priv anon/pub member/pub viewer suggester contributor editor owner
        readPlaylist        | 404       404         ok       ok         ok     ok        ok          ok     ok
        readEntries         | 404       404         ok       ok         ok     ok        ok          ok     ok
        readPastEntries     | 404       404         ok       ok         ok     ok        ok          ok     ok
        readChanges         | 404       404         ok       ok         ok     ok        ok          ok     ok
        readHistory         | 404       404         ok       ok         ok     ok        ok          ok     ok
        readDiff            | 404       404         ok       ok         ok     ok        ok          ok     ok
        readCollaborators   | 401       404         401      403        ok     ok        ok          ok     ok
        follow              | 401       404         401      ok         ok     ok        ok          ok     ok
        fork                | 401       404         401      ok         ok     ok        ok          ok     ok
        suggestOrAppend     | 401       404         401      403        403    ok        ok          ok     ok
        suggestOrInsert     | 401       404         401      403        403    ok        ok          ok     ok
        readSuggestions     | 401       404         401      403        403    ok        ok          ok     ok
        withdrawSuggestion  | 401       404         401      403        403    ok        ok          ok     ok
        addEntry            | 401       404         401      403        403    403       ok          ok     ok
        addByWholeList      | 401       404         401      403        403    403       ok          ok     ok
        moveOwnEntry        | 401       404         401      403        403    403       ok          ok     ok
        removeOwnEntry      | 401       404         401      403        403    403       ok          ok     ok
        undoOwnOperation    | 401       404         401      403        403    403       ok          ok     ok
        moveOthersEntry     | 401       404         401      403        403    403       403         ok     ok
        removeOthersEntry   | 401       404         401      403        403    403       403         ok     ok
        removeByWholeList   | 401       404         401      403        403    403       403         ok     ok
        setName             | 401       404         401      403        403    403       403         ok     ok
        setDescription      | 401       404         401      403        403    403       403         ok     ok
        undoOthersOperation | 401       404         401      403        403    403       403         ok     ok
        revertToVersion     | 401       404         401      403        403    403       403         ok     ok
        revertUser          | 401       404         401      403        403    403       403         ok     ok
        approveSuggestion   | 401       404         401      403        403    403       403         ok     ok
        declineSuggestion   | 401       404         401      403        403    403       403         ok     ok
        setVisibility       | 401       404         401      403        403    403       403         403    ok
        setDuplicates       | 401       404         401      403        403    403       403         403    ok
        setCollaborator     | 401       404         401      403        403    403       403         403    ok
        removeCollaborator  | 401       404         401      403        403    403       403         403    ok
        createInvite        | 401       404         401      403        403    403       403         403    ok
        readInvites         | 401       404         401      403        403    403       403         403    ok
        revokeInvite        | 401       404         401      403        403    403       403         403    ok
        readJoinRequests    | 401       404         401      403        403    403       403         403    ok
        approveJoinRequest  | 401       404         401      403        403    403       403         403    ok
        declineJoinRequest  | 401       404         401      403        403    403       403         403    ok
        deletePlaylist      | 401       404         401      403        403    403       403         403    ok
        """;

    /// <summary>Every action with what each somebody hears: "ok" or an error's code.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<Somebody, string>> Verdicts { get; } = Rows
        .Split('\n')
        .Skip(1)
        .Select(row => row.Split('|'))
        .ToDictionary(
            row => row[0].Trim(),
            row => (IReadOnlyDictionary<Somebody, string>)row[1]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select((verdict, column) => (Somebody: (Somebody)column, Code: CodeOf(verdict)))
                .ToDictionary(cell => cell.Somebody, cell => cell.Code));

    private static string CodeOf(string verdict) => verdict switch
    {
        "401" => "unauthenticated",
        "403" => "forbidden",
        "404" => "not_found",
        _ => verdict,
    };
}
