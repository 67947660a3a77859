// Reads code and message of S3 Control's errors with the AWS SDK for Go v2: main URL ERRORS.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/aws/smithy-go"
)

const account = "000000000000"
const unknownJob = "c41f9a7e-0b3d-4e62-8f15-6d2e7a90b3c4"

var ctx = context.Background()
var failures = 0

// check compares an error of the SDK with the expected code and, unless it is empty, the message.
func check(err error, code, message string) {
	var found smithy.APIError
	if !errors.As(err, &found) {
		fail("%s: the SDK returned %v", code, err)
	} else if found.ErrorCode() != code || found.ErrorMessage() == "" || (message != "" && found.ErrorMessage() != message) {
		fail("%s: the SDK read code %q and message %q", code, found.ErrorCode(), found.ErrorMessage())
	}
}

func fail(format string, values ...any) {
	failures++
	fmt.Printf("FAILED "+format+"\n", values...)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func setFault(base string, effect map[string]any) {
	fault := map[string]any{"service": "s3control", "action": "DescribeJob", "times": 1, "effect": effect}
	body, err := json.Marshal(map[string]any{"faults": []any{fault}})
	must(err)
	request, err := http.NewRequest(http.MethodPut, base+"/_bucket-brigade/faults", bytes.NewReader(body))
	must(err)
	request.Header.Set("content-type", "application/json")
	response, err := http.DefaultClient.Do(request)
	must(err)
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		panic(response.Status)
	}
}

func main() {
	base, err := url.Parse(os.Args[1])
	must(err)
	file, err := os.ReadFile(os.Args[2])
	must(err)
	var listed []struct {
		Code   string
		Status int
	}
	must(json.Unmarshal(file, &listed))

	// The SDK puts the account before the host, so every name leads to the stack.
	toStack := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, base.Host)
	}
	client := s3control.New(s3control.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String("http://localhost:" + base.Port()),
		Credentials:  credentials.NewStaticCredentialsProvider("me", "x", ""),
		HTTPClient:   &http.Client{Transport: &http.Transport{DialContext: toStack}},
		Retryer:      aws.NopRetryer{},
	})
	describe := &s3control.DescribeJobInput{AccountId: aws.String(account), JobId: aws.String(unknownJob)}

	_, err = client.DescribeJob(ctx, describe)
	check(err, "NoSuchJob", "")
	_, err = client.ListJobs(ctx, &s3control.ListJobsInput{AccountId: aws.String(account), NextToken: aws.String("bogus")})
	check(err, "InvalidNextTokenException", "")
	_, err = client.ListJobs(ctx, &s3control.ListJobsInput{AccountId: aws.String(account), JobStatuses: []types.JobStatus{"Bogus"}})
	check(err, "InvalidRequestException", "")
	for _, one := range listed {
		message := "<" + one.Code + "> & więcej"
		setFault(base.String(), map[string]any{"type": "error", "code": one.Code, "status": one.Status, "message": message})
		_, err = client.DescribeJob(ctx, describe)
		check(err, one.Code, message)
	}
	fmt.Printf("AWS SDK for Go v2: read code and message of %d of %d errors\n", len(listed)+3-failures, len(listed)+3)
	if failures > 0 {
		os.Exit(1)
	}
}
