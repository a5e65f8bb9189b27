using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;
using OtpNet;

namespace IndiiMusic.Api.Tests.Auth;

[Collection(StandaloneCollection.Name)]
public sealed class TwoFactorTests(StandaloneServer server)
{
    [Fact]
    public async Task It_begins_with_a_secret_an_address_and_a_picture_after_a_proof()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        var (before, refusal) = await client.Post("/me/two-factor", new { });
        await client.StepUp();

        var (status, begun) = await client.Post("/me/two-factor", new { });
        var (_, off) = await client.Get("/me/two-factor");

        Assert.Equal((HttpStatusCode.Forbidden, "step_up_required"), (before, refusal.Code()));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(20, Base32Encoding.ToBytes(begun.Text("secret")).Length);
        Assert.StartsWith("otpauth://totp/", begun.Text("uri"));
        Assert.Contains($"secret={begun.Text("secret")}", begun.Text("uri"));
        var picture = Convert.FromBase64String(begun.Text("qrCode")["data:image/png;base64,".Length..]);
        Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(picture, 1, 3));
        Assert.False(off.GetProperty("isOn").GetBoolean());
    }

    [Fact]
    public async Task A_log_in_asks_for_a_code_once_it_is_on_and_takes_each_once()
    {
        var factor = await TurnOnAsync();
        var (wrongPassword, hidden) = await LogIn(new { login = factor.User.Username, password = "wrong horse" });
        var (without, asked) = await LogIn(Body(factor, null));
        var code = factor.NextCode();
        var (with, _) = await LogIn(Body(factor, code));
        var (replayed, refused) = await LogIn(Body(factor, code));
        var (used, _) = await LogIn(Body(factor, factor.FirstCode));

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_credentials"), (wrongPassword, hidden.Code()));
        Assert.Equal((HttpStatusCode.Unauthorized, "second_factor_required"), (without, asked.Code()));
        Assert.Equal(HttpStatusCode.OK, with);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_credentials"), (replayed, refused.Code()));
        Assert.Equal(hidden.Text("detail"), refused.Text("detail"));
        Assert.Equal(HttpStatusCode.Unauthorized, used);
    }

    [Fact]
    public async Task A_recovery_code_is_good_once_and_new_ones_end_the_old()
    {
        var factor = await TurnOnAsync();
        Assert.Equal(10, factor.RecoveryCodes.Distinct().Count());
        var (first, tokens) = await LogIn(Body(factor, factor.RecoveryCodes[0]));
        var (second, _) = await LogIn(Body(factor, factor.RecoveryCodes[0]));
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Text("accessToken"));
        var (_, status) = await client.Get("/me/two-factor");
        var (unproven, _) = await client.Post("/me/two-factor/recovery-codes", new { });
        await client.StepUp(factor.RecoveryCodes[1]);
        var (renewed, fresh) = await client.Post("/me/two-factor/recovery-codes", new { });
        var (old, _) = await LogIn(Body(factor, factor.RecoveryCodes[2]));
        var (next, _) = await LogIn(Body(factor, fresh.GetProperty("recoveryCodes")[0].GetString()));

        Assert.Equal(HttpStatusCode.OK, first);
        Assert.Equal(HttpStatusCode.Unauthorized, second);
        Assert.Equal(9, status.GetProperty("recoveryCodesLeft").GetInt32());
        Assert.Equal(HttpStatusCode.Forbidden, unproven);
        Assert.Equal(HttpStatusCode.OK, renewed);
        Assert.Equal(HttpStatusCode.Unauthorized, old);
        Assert.Equal(HttpStatusCode.OK, next);
    }

    [Fact]
    public async Task Wrong_codes_lock_for_a_while_that_the_answer_names_and_recovery_codes_still_open()
    {
        var factor = await TurnOnAsync();
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await LogIn(Body(factor, "000000x"))).Status);

        using var client = server.CreateClient();
        using var locked = await client.PostAsync("/api/v1/auth/login", JsonContentOf(Body(factor, factor.NextCode())));
        var (unasked, _) = await LogIn(new { login = factor.User.Username, password = "wrong horse" });
        var (recovered, _) = await LogIn(Body(factor, factor.RecoveryCodes[0]));

        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Unauthorized, unasked);
        Assert.Equal(HttpStatusCode.OK, recovered);
    }

    [Fact]
    public async Task A_remembered_device_needs_no_code_until_it_is_forgotten()
    {
        var factor = await TurnOnAsync();
        var (_, first) = await LogIn(new
        {
            login = factor.User.Username,
            password = TestUser.Password,
            code = factor.NextCode(),
            rememberDevice = true,
            deviceName = "Ana's phone",
        });
        var token = first.Text("deviceToken");
        var byDevice = new { login = factor.User.Username, password = TestUser.Password, deviceToken = token };
        var (known, tokens) = await LogIn(byDevice);
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Text("accessToken"));
        var (stepUp, asked) = await client.Post("/auth/step-up", new { password = TestUser.Password });
        var (_, status) = await client.Get("/me/two-factor");
        var device = Assert.Single(status.GetProperty("devices").EnumerateArray());
        using var forgotten = await client.DeleteAsync($"/api/v1/me/two-factor/devices/{device.Text("id")}");
        var (after, _) = await LogIn(byDevice);
        var other = await TurnOnAsync();
        var (foreign, _) = await LogIn(
            new { login = other.User.Username, password = TestUser.Password, deviceToken = token });

        Assert.Equal(HttpStatusCode.OK, known);
        Assert.False(tokens.TryGetProperty("deviceToken", out _));
        Assert.Equal((HttpStatusCode.Unauthorized, "second_factor_required"), (stepUp, asked.Code()));
        Assert.Equal("Ana's phone", device.Text("name"));
        Assert.Equal(HttpStatusCode.NoContent, forgotten.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after);
        Assert.Equal(HttpStatusCode.Unauthorized, foreign);
    }

    [Fact]
    public async Task Turned_off_after_a_proof_a_log_in_asks_for_nothing_and_devices_are_gone()
    {
        var factor = await TurnOnAsync();
        var (_, tokens) = await LogIn(new
        {
            login = factor.User.Username,
            password = TestUser.Password,
            code = factor.RecoveryCodes[0],
            rememberDevice = true,
        });
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Text("accessToken"));
        using var unproven = await client.DeleteAsync("/api/v1/me/two-factor");
        var (again, _) = await client.Post("/me/two-factor", new { });
        await client.StepUp(factor.NextCode());
        using var off = await client.DeleteAsync("/api/v1/me/two-factor");
        var (plain, _) = await LogIn(Body(factor, null));
        var (_, status) = await client.Get("/me/two-factor");

        Assert.Equal(HttpStatusCode.Forbidden, unproven.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, again);
        Assert.Equal(HttpStatusCode.NoContent, off.StatusCode);
        Assert.Equal(HttpStatusCode.OK, plain);
        Assert.Empty(status.GetProperty("devices").EnumerateArray());
    }

    [Fact]
    public async Task A_proof_is_its_own_sessions()
    {
        var user = await TestUser.CreateAsync(server);
        using var proven = user.CreateClient(server);
        await proven.StepUp();
        var (_, tokens) = await LogIn(new { login = user.Username, password = TestUser.Password });
        using var other = server.CreateClient();
        other.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Text("accessToken"));

        Assert.Equal(HttpStatusCode.Forbidden, (await other.Post("/me/two-factor", new { })).Status);
        Assert.Equal(HttpStatusCode.OK, (await proven.Post("/me/two-factor", new { })).Status);
    }

    private static object Body(Factor factor, string? code) =>
        new { login = factor.User.Username, password = TestUser.Password, code };

    private static StringContent JsonContentOf(object body) =>
        new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private async Task<(HttpStatusCode Status, JsonElement Body)> LogIn(object body)
    {
        using var client = server.CreateClient();
        return await client.Post("/auth/login", body);
    }

    private async Task<Factor> TurnOnAsync()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        await client.StepUp();
        var (_, begun) = await client.Post("/me/two-factor", new { });
        var totp = new Totp(Base32Encoding.ToBytes(begun.Text("secret")));
        var (wrong, refused) = await client.Post("/me/two-factor/confirm", new { code = "12345" });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (wrong, refused.Code()));
        var first = totp.ComputeTotp();
        var (status, confirmed) = await client.Post("/me/two-factor/confirm", new { code = first });
        Assert.Equal(HttpStatusCode.OK, status);
        var recoveryCodes = confirmed.GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!);
        return new Factor(user, totp, first, [.. recoveryCodes]);
    }

    private sealed record Factor(TestUser User, Totp Totp, string FirstCode, IReadOnlyList<string> RecoveryCodes)
    {
        /// <summary>The code of the next time step, which is taken one step early.</summary>
        public string NextCode() => Totp.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30));
    }
}
