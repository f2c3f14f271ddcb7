// Command controlplane is a whole Kubernetes control plane, for tests, in one
// binary: the first argument chooses the program, as busybox does. One binary
// costs one link, and the programs share most of their packages.
package main

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	kcm "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	programs := map[string]func() *cobra.Command{
		"etcd":                    newEtcdCommand,
		"kube-apiserver":          apiserver.NewAPIServerCommand,
		"kube-controller-manager": kcm.NewControllerManagerCommand,
		"kubectl":                 kubectl.NewDefaultKubectlCommand,
	}
	if len(os.Args) < 2 || programs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: controlplane etcd|kube-apiserver|kube-controller-manager|kubectl [flags]")
		os.Exit(2)
	}
	// The programs read os.Args themselves (kubectl to find its plugins).
	os.Args = os.Args[1:]
	if os.Getenv("CONTROLPLANE_EXIT_WITH_STDIN") != "" {
		go exitWithStdin()
	}
	command := programs[os.Args[0]]()
	if os.Args[0] == "kubectl" {
		if err := cli.RunNoErrOutput(command); err != nil {
			kubectlutil.CheckErr(err)
		}
		return
	}
	os.Exit(cli.Run(command))
}

// exitWithStdin ends the process when its starter is gone, even by SIGKILL:
// the kernel then closes the other end of the pipe, so nothing is left behind.
// One of the programs also removes the folder, which the starter no longer can.
func exitWithStdin() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	if folder := os.Getenv("CONTROLPLANE_REMOVE"); folder != "" {
		// The other programs are ending at this moment, and may still write there.
		time.Sleep(time.Second)
		_ = os.RemoveAll(folder)
	}
	os.Exit(1)
}

func newEtcdCommand() *cobra.Command {
	var dataDir, clientURL, peerURL string
	command := &cobra.Command{
		Use:          "etcd",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			return runEtcd(dataDir, clientURL, peerURL)
		},
	}
	command.Flags().StringVar(&dataDir, "data-dir", "", "folder of the database")
	command.Flags().StringVar(&clientURL, "client-url", "", "where the API server connects")
	command.Flags().StringVar(&peerURL, "peer-url", "", "where other members would connect")
	return command
}

func runEtcd(dataDir, clientURL, peerURL string) error {
	client, err := url.Parse(clientURL)
	if err != nil {
		return err
	}
	peer, err := url.Parse(peerURL)
	if err != nil {
		return err
	}
	config := embed.NewConfig()
	config.Dir = dataDir
	config.LogLevel = "warn"
	// Waiting for the disk guards against a power cut only; a killed process
	// loses nothing without it, and no test's data outlives its machine.
	config.UnsafeNoFsync = true
	config.ListenClientUrls = []url.URL{*client}
	config.AdvertiseClientUrls = []url.URL{*client}
	config.ListenPeerUrls = []url.URL{*peer}
	config.AdvertisePeerUrls = []url.URL{*peer}
	config.InitialCluster = config.InitialClusterFromName(config.Name)

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	defer server.Close()
	select {
	case <-signals:
		return nil
	case err := <-server.Err():
		return err
	}
}
