using IndiiMusic.Grains.Interfaces.Tracks;
using k8s.Models;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>What every container has, and what chooses which pods.</summary>
[Trait("Server", "Helm")]
public sealed class ChartPodTests
{
    public static TheoryData<string> Sets => RenderedChart.Sets;

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Every_container_has_limits_and_may_do_nothing_but_its_work(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        Assert.All(chart.Pods(), pod =>
        {
            Assert.False(pod.Spec.AutomountServiceAccountToken);
            Assert.False(pod.Spec.EnableServiceLinks);
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            Assert.Null(pod.Spec.HostNetwork);
            foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
            {
                foreach (var resource in (string[])["cpu", "memory", "ephemeral-storage"])
                {
                    Assert.True(container.Resources.Requests.ContainsKey(resource), $"{pod.Name}: {resource}");
                    Assert.True(
                        container.Resources.Limits[resource].ToDecimal()
                            >= container.Resources.Requests[resource].ToDecimal(),
                        $"{pod.Name}: {resource}");
                }

                var security = container.SecurityContext;
                Assert.True(security.RunAsNonRoot);
                Assert.True(security.ReadOnlyRootFilesystem);
                Assert.False(security.AllowPrivilegeEscalation);
                Assert.Equal(["ALL"], security.Capabilities.Drop);
                Assert.Null(security.Capabilities.Add);
                Assert.Equal("RuntimeDefault", security.SeccompProfile.Type);
                Assert.DoesNotContain(":latest", container.Image, StringComparison.Ordinal);
                Assert.Matches(@":\d+\.\d+\.\d+$", container.Image);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Every_program_is_asked_when_it_starts_while_it_runs_and_whether_it_can_work(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        foreach (var component in RenderedChart.Components)
        {
            var container = Assert.Single(chart.Deployment(component).Spec.Template.Spec.Containers);
            Assert.Equal("/health/live", container.StartupProbe.HttpGet.Path);
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
            V1Probe[] probes = [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];
            Assert.All(probes, probe => Assert.Equal("management", probe.HttpGet.Port.Value));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Whatever_chooses_pods_chooses_those_of_one_program_and_ports_that_they_have(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        foreach (var deployment in chart.All<V1Deployment>())
        {
            ChoosesOne(deployment.Metadata, deployment.Spec.Selector.MatchLabels);
            foreach (var spread in deployment.Spec.Template.Spec.TopologySpreadConstraints ?? [])
                ChoosesOne(deployment.Metadata, spread.LabelSelector.MatchLabels);
        }

        foreach (var service in chart.All<V1Service>())
        {
            var pod = ChoosesOne(service.Metadata, service.Spec.Selector);
            var ports = pod.Containers.SelectMany(container => container.Ports).ToList();
            Assert.All(service.Spec.Ports, port => Assert.Contains(ports, each => each.Name == port.TargetPort.Value));
        }

        foreach (var budget in chart.All<V1PodDisruptionBudget>())
            ChoosesOne(budget.Metadata, budget.Spec.Selector.MatchLabels);
        foreach (var scaler in chart.All<V2HorizontalPodAutoscaler>())
        {
            var target = chart.Only<V1Deployment>(each => each.Metadata.Name == scaler.Spec.ScaleTargetRef.Name);
            Assert.Equal("Deployment", scaler.Spec.ScaleTargetRef.Kind);

            // Else each upgrade would set the number back to that of the values.
            Assert.Null(target.Spec.Replicas);
        }

        foreach (var monitor in chart.All<ServiceMonitor>())
        {
            var services = chart.All<V1Service>()
                .Where(each => RenderedChart.Matches(monitor.Spec.Selector.MatchLabels, each.Metadata.Labels)).ToList();
            Assert.Equal(2, services.Count);
            Assert.All(services, each => Assert.Contains(each.Spec.Ports, port =>
                port.Name == Assert.Single(monitor.Spec.Endpoints).Port && port.Port == 8081));
            Assert.Equal([RenderedChart.Namespace], monitor.Spec.NamespaceSelector!.MatchNames);
        }

        V1PodSpec ChoosesOne(V1ObjectMeta what, IDictionary<string, string> labels)
        {
            var pod = Assert.Single(chart.Chosen(labels));
            Assert.Equal(pod.Labels["app.kubernetes.io/component"], what.Labels["app.kubernetes.io/component"]);
            return pod.Spec;
        }
    }

    [Theory]
    [InlineData("minimal")]
    [InlineData("production")]
    [InlineData("servers-elsewhere")]
    public async Task Network_policies_let_in_and_out_what_the_programs_say_to_each_other(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);
        var silos = Policy("silo");
        var gateways = Policy("gateway");

        // Silos among themselves, gateways to silos, and from both sides: none works with one end shut.
        Assert.True(LetsIn(silos, 11_111, from: "silo") && LetsOut(silos, 11_111, to: "silo"));
        Assert.True(LetsIn(silos, 30_000, from: "gateway") && LetsOut(gateways, 30_000, to: "silo"));
        Assert.False(LetsIn(silos, 11_111, from: "gateway") || LetsIn(silos, 30_000, from: "test"));
        Assert.True(LetsIn(gateways, 8_080, from: "test"));
        foreach (var policy in (V1NetworkPolicy[])[silos, gateways])
        {
            Assert.Equal(["Ingress", "Egress"], policy.Spec.PolicyTypes);
            Assert.Contains(policy.Spec.Ingress, rule => rule.Ports.Any(port => port.Port.Value == "8081")
                && rule.FromProperty?.Any(peer => peer.NamespaceSelector is not null) == true);
            Assert.Contains(policy.Spec.Egress, rule =>
                rule.Ports.Any(port => port is { Protocol: "UDP", Port.Value: "53" }));

            // Every port is one that a pod of the policy has.
            var (_, _, spec) = Assert.Single(chart.Chosen(policy.Spec.PodSelector.MatchLabels));
            var own = spec.Containers[0].Ports.Select(port => $"{port.ContainerPort}").ToList();
            Assert.All(
                policy.Spec.Ingress.SelectMany(rule => rule.Ports), port => Assert.Contains(port.Port.Value, own));
        }

        V1NetworkPolicy Policy(string component) => chart.Only<V1NetworkPolicy>(
            policy => policy.Metadata.Labels["app.kubernetes.io/component"] == component);

        static bool IsPeer(V1NetworkPolicyPeer peer, string component) =>
            peer.PodSelector?.MatchLabels?.TryGetValue("app.kubernetes.io/component", out var chosen) == true
            && chosen == component;

        static bool LetsIn(V1NetworkPolicy policy, int port, string from) => policy.Spec.Ingress.Any(rule =>
            rule.Ports.Any(each => each.Port.Value == $"{port}")
            && (rule.FromProperty is null || rule.FromProperty.Any(peer => IsPeer(peer, from))));

        static bool LetsOut(V1NetworkPolicy policy, int port, string to) => policy.Spec.Egress.Any(rule =>
            rule.Ports.Any(each => each.Port.Value == $"{port}")
            && (rule.To is null || rule.To.Any(peer => IsPeer(peer, to))));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task One_pod_goes_at_a_time_and_only_when_its_successor_can_work(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        foreach (var deployment in chart.All<V1Deployment>())
        {
            Assert.Equal("0", deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
            Assert.Equal("1", deployment.Spec.Strategy.RollingUpdate.MaxSurge.Value);
            Assert.True(deployment.Spec.MinReadySeconds >= 10);
        }

        Assert.All(chart.All<V1PodDisruptionBudget>(), budget => Assert.Equal("1", budget.Spec.MaxUnavailable.Value));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task A_silo_has_room_for_the_uploads_that_it_reads(string set)
    {
        var spec = (await RenderedChart.OfSetAsync(set)).Deployment("silo").Spec.Template.Spec;
        var volume = Assert.Single(spec.Volumes, volume => volume.Name == "temporary");
        var mount = Assert.Single(spec.Containers[0].VolumeMounts, mount => mount.Name == "temporary");
        var temporary = volume.EmptyDir.SizeLimit.ToDecimal();

        Assert.True(temporary >= (decimal)TrackLimits.UploadCopiesMax * TrackLimits.AudioBytesMax);
        Assert.True(spec.Containers[0].Resources.Limits["ephemeral-storage"].ToDecimal() >= temporary);
        Assert.Equal("/tmp", mount.MountPath);
    }

    [Fact]
    public async Task Both_programs_are_scaled_by_cpu_and_by_a_figure_of_their_own()
    {
        var chart = await RenderedChart.OfSetAsync("production");

        Assert.Equal(2, chart.All<V2HorizontalPodAutoscaler>().Count);
        Assert.All(chart.All<V2HorizontalPodAutoscaler>(), scaler =>
            Assert.Equal(["Resource", "Pods"], scaler.Spec.Metrics.Select(metric => metric.Type)));
    }

    [Theory]
    [InlineData("ingress-nginx")]
    [InlineData("haproxy")]
    [InlineData("traefik")]
    public async Task Each_ingress_controller_is_told_of_uploads_and_of_clients_that_stay(string controller)
    {
        var chart = await RenderedChart.OfAsync("production", $"ingress.controller={controller}");
        var ingress = chart.Only<V1Ingress>();
        var service = chart.Only<V1Service>(each => each.Metadata.Name
            == ingress.Spec.Rules[0].Http.Paths[0].Backend.Service.Name);
        var annotations = (ingress.Metadata.Annotations ?? new Dictionary<string, string>())
            .Concat(service.Metadata.Annotations ?? new Dictionary<string, string>())
            .ToDictionary(each => each.Key, each => each.Value);

        Assert.Equal("music-example-org", Assert.Single(ingress.Spec.Tls).SecretName);
        Assert.Contains(service.Spec.Ports, port =>
            port.Name == ingress.Spec.Rules[0].Http.Paths[0].Backend.Service.Port.Name);
        Assert.Contains(annotations.Keys, key => key.Contains("cookie", StringComparison.Ordinal));
        if (controller == "ingress-nginx")
        {
            var size = annotations["nginx.ingress.kubernetes.io/proxy-body-size"];
            Assert.True(
                long.Parse(size.TrimEnd('m'), System.Globalization.CultureInfo.InvariantCulture) * 1024 * 1024
                    > TrackLimits.AudioBytesMax + 1024 * 1024,
                size);
            Assert.Equal("off", annotations["nginx.ingress.kubernetes.io/proxy-request-buffering"]);
        }
    }
}
