// JobCall: one of the streaming methods with its request and the way to the event in its answers.
using System;
using Skyloom.V1;
using Skyloom.Wire;

namespace Skyloom
{
    internal sealed class JobCall
    {
        public JobCall(string method, Message request, Func<byte[], JobEvent> eventOf)
        {
            Method = method;
            Request = request;
            Event = eventOf;
        }

        public string Method { get; }

        public Message Request { get; }

        public Func<byte[], JobEvent> Event { get; }
    }
}
