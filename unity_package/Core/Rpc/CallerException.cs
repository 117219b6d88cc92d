// CallerException: carries what the caller's own code threw through the channel, apart from errors of the transport.
using System;
using System.Runtime.ExceptionServices;
using Skyloom.Wire;

namespace Skyloom.Rpc
{
    internal sealed class CallerException : Exception
    {
        private CallerException(Exception inner) : base(inner.Message, inner)
        {
        }

        public static void Guard(Action action)
        {
            try
            {
                action();
            }
            catch (Exception error)
            {
                throw new CallerException(error);
            }
        }

        /// <summary>Throws it as it was; a damaged message, which the caller found, is the answer's fault.</summary>
        public void Rethrow()
        {
            if (InnerException is WireFormatException)
            {
                throw TransportErrors.Typed(InnerException);
            }
            ExceptionDispatchInfo.Capture(InnerException).Throw();
        }
    }
}
