using System.Text.Json;
using System.Xml.Linq;
using IndiiMusic.Infrastructure.Configuration;
using Microsoft.AspNetCore.Http;

namespace IndiiMusic.Deployment.Tests.Images;

/// <summary>What images are built of, and how they run.</summary>
public sealed class DockerfileTests
{
    public static TheoryData<string> Projects => ["Silo", "Api", "Standalone"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void It_runs_as_a_user_without_rights(string project)
    {
        var file = Dockerfile.Of(project);

        Assert.Equal("1654:1654", file.Only("USER"));
        var user = file.Kept.ToList().FindIndex(each => each.Word == "USER");
        Assert.DoesNotContain(file.Kept.Skip(user), each => each.Word is "RUN" or "COPY");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void What_it_is_built_on_is_said_by_arguments_with_a_version(string project)
    {
        var file = Dockerfile.Of(project);
        var images = file.All("ARG").Where(argument => argument.Contains("_IMAGE=", StringComparison.Ordinal)).ToList();

        Assert.Equal(2, images.Count);
        Assert.All(images, image => Assert.Matches(@"^(SDK|RUNTIME)_IMAGE=\S+/(sdk|aspnet):10\.0-\w+$", image));
        Assert.Equal(
            ["--platform=$BUILDPLATFORM ${SDK_IMAGE} AS build", "${RUNTIME_IMAGE} AS run"], file.All("FROM"));
        Assert.Equal(2, file.All("ARG").Count(argument => argument.StartsWith("VERSION=", StringComparison.Ordinal)));
        Assert.Contains("-p:Version=${VERSION}", string.Join('\n', file.All("RUN")), StringComparison.Ordinal);
        foreach (var label in (string[])["title", "description", "version", "revision", "licenses", "vendor"])
            Assert.Contains($"org.opencontainers.image.{label}=", file.Only("LABEL"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Silo", true)]
    [InlineData("Standalone", true)]
    [InlineData("Api", false)]
    public void Ffmpeg_is_where_music_is_read_in_a_version_that_is_said(string project, bool reads)
    {
        var file = Dockerfile.Of(project);

        Assert.Equal(
            reads, file.All("RUN").Any(run => run.Contains("\"ffmpeg=${FFMPEG_VERSION}\"", StringComparison.Ordinal)));
        Assert.Equal(
            reads, file.All("ARG").Any(argument => argument.StartsWith("FFMPEG_VERSION=", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void It_starts_a_program_that_is_there_and_exposes_what_that_listens_on(string project)
    {
        var file = Dockerfile.Of(project);
        var command = JsonSerializer.Deserialize<string[]>(file.Only("ENTRYPOINT"))!;
        var exposed = file.Only("EXPOSE").Split(' ').Select(int.Parse).ToList();
        var environment = file.Environment();

        Assert.Equal(["dotnet", $"IndiiMusic.{project}.dll"], command);
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, command[1])), command[1]);
        Assert.Contains(file.All("RUN"), run =>
            run.Contains($"publish src/{project}/{project}.csproj", StringComparison.Ordinal));
        Assert.All(
            environment.Where(each => each.Key.EndsWith("__Url", StringComparison.Ordinal)),
            url => Assert.Contains(BindingAddress.Parse(url.Value).Port, exposed));
        Assert.Equal(
            project switch
            {
                "Silo" => [8081, 11_111, 30_000],
                _ => [8080, 8081],
            },
            exposed);

        // The port that the runtime image speaks of is not one of ours.
        Assert.Equal("", environment["ASPNETCORE_HTTP_PORTS"]);
        foreach (var variable in environment.Keys.Where(key => key.StartsWith("INDIIMUSIC_", StringComparison.Ordinal)))
        {
            var key = variable["INDIIMUSIC_".Length..].Replace("__", ":", StringComparison.Ordinal);
            Assert.True(key == "DATA" || SettingsCatalogue.Find(key) is not null, $"No program knows {key}.");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void It_is_asked_whether_it_lives_by_a_program_that_it_has(string project)
    {
        var file = Dockerfile.Of(project);
        var check = file.Only("HEALTHCHECK");
        var command = JsonSerializer.Deserialize<string[]>(check[check.IndexOf('[', StringComparison.Ordinal)..])!;

        Assert.Equal(["/usr/local/bin/check-health", "127.0.0.1", "8081", "/health/live"], command);
        Assert.Contains(
            "--chmod=0755 src/Infrastructure/Health/check-health.sh /usr/local/bin/check-health", file.All("COPY"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Packages_are_restored_from_project_files_before_any_source_is_there(string project)
    {
        var file = Dockerfile.Of(project);
        var projects = WithReferences(project);
        var restore = file.IndexOf(each =>
            each.Word == "RUN" && each.Text.Contains("dotnet restore", StringComparison.Ordinal));

        foreach (var each in projects)
        {
            var projectFile = file.IndexOf(copy => copy == ("COPY", $"src/{each}/{each}.csproj src/{each}/"));
            var source = file.IndexOf(copy => copy == ("COPY", $"src/{each} src/{each}"));
            Assert.True(projectFile >= 0 && projectFile < restore, $"{each}.csproj is copied after the restore.");
            Assert.True(source > restore, $"The sources of {each} are not copied after the restore.");
        }

        // Nothing that it does not need: else changes there would build it anew.
        Assert.Equal(
            projects.Count, file.All("COPY").Count(copy => copy.Contains(".csproj ", StringComparison.Ordinal)));

        // A layer out of a cache, and a cache mount that is empty on this builder: then packages are missing.
        Assert.All(file.All("RUN"), run => Assert.DoesNotContain("--mount", run, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void All_that_is_copied_is_there_and_is_sent_to_the_builder(string project)
    {
        var sent = File.ReadAllLines(Repository.PathOf(".dockerignore"))
            .Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copied = Dockerfile.Of(project).All("COPY")
            .Where(copy => !copy.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(copy => copy.Split(' ')[..^1])
            .Where(source => !source.StartsWith("--", StringComparison.Ordinal));

        Assert.All(copied, source =>
        {
            Assert.True(Path.Exists(Repository.PathOf(source)), source);
            Assert.Contains(source.Split('/')[0], sent);
        });
    }

    /// <summary>The project, and all that it stands on.</summary>
    private static HashSet<string> WithReferences(string project)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>([project]);
        while (open.TryDequeue(out var next))
        {
            if (!found.Add(next))
                continue;
            foreach (var reference in XDocument.Load(Repository.PathOf($"src/{next}/{next}.csproj"))
                .Descendants("ProjectReference"))
            {
                open.Enqueue(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
            }
        }

        return found;
    }
}
